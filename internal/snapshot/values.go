package snapshot

import (
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// named is how an integration is called at present, and its application.
type named struct{ integration, application string }

func (n named) of(f textField) string {
	if f == textApplication {
		return n.application
	}
	return n.integration
}

func integrationNames(list []access.Integration) map[string]named {
	out := make(map[string]named, len(list))
	for i := range list {
		out[list[i].Key] = named{list[i].Name, list[i].Application}
	}
	return out
}

// What an entity puts into the columns.

func textsOf(e *access.Entity, integrations map[string]named) [textFields]string {
	of := integrations[e.Integration]
	return [textFields]string{
		textName: e.Name, textSourceType: e.SourceType, textSourceID: e.SourceID, textProject: e.Project, textUsername: e.Username,
		textEmail: e.Email, textApplication: of.application, textIntegrationName: of.integration,
	}
}

func plainOf(e *access.Entity) [plainFields]string {
	return [plainFields]string{
		plainIntegration: e.Integration, plainFirstName: e.FirstName, plainLastName: e.LastName,
		plainServiceAccountReason: e.ServiceAccountReason, plainMetadata: e.Metadata,
	}
}

func enumsOf(e *access.Entity) [enumFields]string {
	status := e.Status
	if status == "" {
		status = access.StatusUnknown
	}
	return [enumFields]string{
		enumType: string(e.Type), enumStatus: string(status), enumMFA: string(e.MFA.Known()), enumSuperAdmin: string(e.SuperAdmin.Known()),
		enumAdministrative: string(e.Administrative.Known()), enumExternal: string(e.External.Known()),
		enumLocked: string(e.Locked.Known()), enumServiceAccount: string(e.ServiceAccount.Known()), enumIdentityType: string(e.IdentityType()),
	}
}

func timesOf(e *access.Entity) [timeFields]time.Time {
	return [timeFields]time.Time{
		timeLastLogin: e.LastLogin, timeLatestActivity: e.LatestActivity, timeLastActive: e.LastActive(),
		timeLastPasswordChanged: e.LastPasswordChanged, timeFirstSeen: e.FirstSeen, timeRemovedAt: e.RemovedAt,
	}
}

func namesOfInsights(e *access.Entity) []string {
	out := make([]string, len(e.Insights))
	for i := range e.Insights {
		out[i] = e.Insights[i].Name
	}
	return out
}

// renewed is the column of the new rows; the old one when nothing changed.
func (c *enumColumn) renewed(r *renumbering, fresh func(*access.Entity) string) *enumColumn {
	out := &enumColumn{values: c.values}
	out.codes = rowsOf(r, c.codes, func(e *access.Entity) uint8 { return c.code(fresh(e)) })
	if shares(out.codes, c.codes) {
		return c
	}
	out.collect()
	return out
}

func (c *enumColumn) code(value string) uint8 {
	code := slices.Index(c.values, value)
	if code < 0 {
		code = noEnum
	}
	return uint8(code) //nolint:gosec // below 256
}

// renewed is the column of the new rows; the old one when nothing changed.
func (p *plain) renewed(r *renumbering, fresh func(*access.Entity) string) plain {
	was := p.list()
	now := rowsOf(r, was, fresh)
	if shares(now, was) {
		return *p
	}
	return packPlain(now)
}

// renewed is the column of the new rows; the old one when nothing changed.
func (t *times) renewed(r *renumbering, fresh func(*access.Entity) time.Time) times {
	was := t.list()
	now := rowsOf(r, was, func(e *access.Entity) instant { return instantOf(fresh(e)) })
	if shares(now, was) {
		return *t
	}
	return packTimes(now)
}

// shares reports whether two lists are the same memory.
func shares[T any](a, b []T) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0])
}
