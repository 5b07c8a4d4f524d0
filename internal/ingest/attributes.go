package ingest

import (
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// attribute is an entity attribute that a row can set.
type attribute byte

const (
	attrName attribute = iota
	attrSourceType
	attrUsername
	attrEmail
	attrStatus
	attrFirstName
	attrLastName
	attrLastLogin
	attrLastPasswordChanged
	attrMFA
	attrLatestActivity
	attrSuperAdmin
	attrAdministrative
	attrExternal
	attrLocked
	attrServiceAccount
	attrFactors
	attrMetadata
	attributeCount
)

// values are what rows say of one entity: the text of each attribute in normal form
// (times as in appendTime, flags as Tristate), empty where nothing is said.
type values [attributeCount]string

// apply sets attribute a of e to v, which is empty to clear it.
func apply(e *access.Entity, a attribute, v string) {
	switch a {
	case attrName:
		e.Name = v
	case attrSourceType:
		e.SourceType = v
	case attrUsername:
		e.Username = v
	case attrEmail:
		e.Email = v
	case attrStatus:
		e.Status = access.StatusUnknown
		if v != "" {
			e.Status = access.Status(v)
		}
	case attrFirstName:
		e.FirstName = v
	case attrLastName:
		e.LastName = v
	case attrLastLogin:
		e.LastLogin = (&decoder{b: timeBytes(v)}).time()
	case attrLastPasswordChanged:
		e.LastPasswordChanged = (&decoder{b: timeBytes(v)}).time()
	case attrLatestActivity:
		e.LatestActivity = (&decoder{b: timeBytes(v)}).time()
	case attrMFA:
		e.MFA = access.Tristate(v).Known()
	case attrSuperAdmin:
		e.SuperAdmin = access.Tristate(v).Known()
	case attrAdministrative:
		e.Administrative = access.Tristate(v).Known()
	case attrExternal:
		e.External = access.Tristate(v).Known()
	case attrLocked:
		e.Locked = access.Tristate(v).Known()
	case attrFactors:
		e.Factors = splitFactors(v)
	case attrMetadata:
		e.Metadata = v
	case attrServiceAccount:
		e.ServiceAccount, e.ServiceAccountReason = access.Tristate(v).Known(), ""
		if v != "" {
			e.ServiceAccountReason = reportedReason
		}
	}
}

func timeBytes(v string) []byte {
	if v == "" {
		return []byte{0}
	}
	return []byte(v)
}

// reportedReason is the reason of a ServiceAccount value that the source gives; every
// other value comes from the classifier and is computed anew at each import.
const reportedReason = "reported by the source"

// classify fills ServiceAccount where the source says nothing.
func classify(e *access.Entity) {
	if e.ServiceAccountReason == reportedReason && e.ServiceAccount.Known() != access.Unknown {
		return
	}
	e.ServiceAccount, e.ServiceAccountReason = access.Unknown, ""
	if e.Type == access.Identity {
		e.ServiceAccount, e.ServiceAccountReason = access.ClassifyServiceAccount(e.SourceType, e.Name)
	}
}

// newEntity is an entity of which nothing is known but its key.
func newEntity(k access.EntityKey, id string) *access.Entity {
	return &access.Entity{
		ID: id, Integration: k.Integration, Project: k.Project, Type: k.Type, SourceID: k.SourceID,
		Status: access.StatusUnknown, MFA: access.Unknown, SuperAdmin: access.Unknown, Administrative: access.Unknown,
		External: access.Unknown, Locked: access.Unknown, ServiceAccount: access.Unknown,
	}
}

// sameEntity reports whether two states of an entity differ in nothing that is imported.
func sameEntity(a, b *access.Entity) bool {
	return a.ID == b.ID && a.Integration == b.Integration && a.Project == b.Project && a.Type == b.Type &&
		a.SourceID == b.SourceID && a.SourceType == b.SourceType && a.Name == b.Name && a.Username == b.Username &&
		a.Email == b.Email && a.FirstName == b.FirstName && a.LastName == b.LastName && status(a) == status(b) &&
		a.LastLogin.Equal(b.LastLogin) && a.LatestActivity.Equal(b.LatestActivity) &&
		a.LastPasswordChanged.Equal(b.LastPasswordChanged) &&
		a.MFA.Known() == b.MFA.Known() && a.SuperAdmin.Known() == b.SuperAdmin.Known() &&
		a.Administrative.Known() == b.Administrative.Known() && a.External.Known() == b.External.Known() &&
		a.Locked.Known() == b.Locked.Known() && a.ServiceAccount.Known() == b.ServiceAccount.Known() &&
		a.ServiceAccountReason == b.ServiceAccountReason && slices.Equal(a.Factors, b.Factors) &&
		a.Metadata == b.Metadata && a.Stub == b.Stub
}

func status(e *access.Entity) access.Status {
	if e.Status == "" {
		return access.StatusUnknown
	}
	return e.Status
}

// joinFactors is the normal form of a factors cell: trimmed, sorted, distinct.
func joinFactors(cell string) string {
	parts := strings.Split(cell, ";")
	for i, p := range parts {
		parts[i] = access.Clean(p)
	}
	slices.Sort(parts)
	parts = slices.Compact(parts)
	if len(parts) > 0 && parts[0] == "" {
		parts = parts[1:]
	}
	return strings.Join(parts, ";")
}
