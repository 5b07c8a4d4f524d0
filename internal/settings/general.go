package settings

import (
	"context"
	"time"
	_ "time/tzdata" // zones must exist also where the machine has no zone files

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// Settings are the general settings.
type Settings struct {
	TenantName string `json:"tenantName"`
	// TimeZone is the IANA zone in which "today" is taken and times are shown.
	TimeZone string `json:"timeZone"`
	// OutOfSyncHours is how long a connected integration may go without a successful import.
	OutOfSyncHours int        `json:"outOfSyncHours"`
	PathLimits     PathLimits `json:"pathLimits"`
}

// PathLimits bound the chains that are listed between two entities.
type PathLimits struct {
	MaxDepth int `json:"maxDepth"` // hops, the last included
	Chains   int `json:"chains"`   // per pair
}

// Bounds of the general settings.
const (
	maxTenantName     = 200
	maxOutOfSyncHours = 24 * 366
	maxPathDepth      = query.MaxChainDepth
	maxChains         = query.MaxChains
)

// General is the section of the general settings.
var General = &Section[Settings]{
	Name: "general",
	Defaults: func() Settings {
		return Settings{
			TenantName: "accessgraph", TimeZone: "America/Chicago", OutOfSyncHours: int(access.OutOfSyncAfter / time.Hour),
			PathLimits: PathLimits{MaxDepth: 12, Chains: 50},
		}
	},
	Validate: Settings.validate,
}

func (s Settings) validate() error {
	if access.Clean(s.TenantName) == "" || len(s.TenantName) > maxTenantName {
		return access.Invalid("tenantName", "must have 1 to %d bytes", maxTenantName)
	}
	if _, err := loadZone(s.TimeZone); err != nil {
		return err
	}
	if s.OutOfSyncHours < 1 || s.OutOfSyncHours > maxOutOfSyncHours {
		return access.Invalid("outOfSyncHours", "must be from 1 to %d", maxOutOfSyncHours)
	}
	if s.PathLimits.MaxDepth < 1 || s.PathLimits.MaxDepth > maxPathDepth {
		return access.Invalid("pathLimits.maxDepth", "must be from 1 to %d", maxPathDepth)
	}
	if s.PathLimits.Chains < 1 || s.PathLimits.Chains > maxChains {
		return access.Invalid("pathLimits.chains", "must be from 1 to %d", maxChains)
	}
	return nil
}

// loadZone refuses "" and "Local": they mean another zone on another machine.
func loadZone(name string) (*time.Location, error) {
	if name != "" && name != "Local" {
		if zone, err := time.LoadLocation(name); err == nil {
			return zone, nil
		}
	}
	return nil, access.Invalid("timeZone", "%q is no IANA time zone; write one like America/Chicago or UTC", name)
}

// Location is the configured zone.
func (s Settings) Location() (*time.Location, error) { return loadZone(s.TimeZone) }

// OutOfSync reports whether the integration is out of sync at now under these settings.
func (s Settings) OutOfSync(i *access.Integration, now time.Time) bool {
	return i.Status == access.IntegrationConnected && now.Sub(i.LastSync) > time.Duration(s.OutOfSyncHours)*time.Hour
}

// General returns the present general settings.
func (s *Service) General(ctx context.Context) (Settings, error) {
	v, err := Get(ctx, s, General)
	return v.Settings, err
}

// Now is the present moment in the configured zone: what a request takes once and hands
// to everything that depends on the day.
func (s *Service) Now(ctx context.Context) (time.Time, error) {
	g, err := s.General(ctx)
	if err != nil {
		return time.Time{}, err
	}
	zone, err := g.Location()
	if err != nil {
		return time.Time{}, err
	}
	return s.clock().In(zone), nil
}
