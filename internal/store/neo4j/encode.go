package neo4j

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// props are the properties of a node or relationship as parameters. Missing texts,
// times and lists are nil: Cypher removes such a property, or never sets it.
type props map[string]any

func (p props) text(name, value string) { p[name] = textParam(value) }

// foldParam is the form of a text that is compared without case, where it differs: most
// texts are folded as they are, and every property costs the server's log and pages.
func foldParam(text string) any {
	if fold := access.Fold(text); fold != text {
		return fold
	}
	return nil
}

// tristateParam is nil for what is not known, which is what no property means.
func tristateParam(t access.Tristate) any {
	if t = t.Known(); t == access.Unknown {
		return nil
	}
	return string(t)
}

// folded adds the text and the form of it that is compared without case.
func (p props) folded(name, value string) {
	p.text(name, value)
	p.text(name+access.FoldSuffix, access.Fold(value))
}

func (p props) time(name string, t time.Time) { p[name] = timeParam(t) }

func (p props) texts(name string, values []string) { p[name] = textsParam(values) }

// columns are the values in the order of the names, for statements that make new nodes
// and relationships; before them come the values of first.
func (p props) columns(names []string, first ...any) []any {
	out := make([]any, len(first), len(first)+len(names))
	copy(out, first)
	for _, name := range names {
		out = append(out, p[name])
	}
	return out
}

// The properties of a new entity and of a new grant, as the statements entities_create_*
// and grants_create number them.
var (
	entityColumns = []string{
		"id", "integration", "type", "project", "projectFold", "sourceId", "sourceIdFold", "sourceType", "sourceTypeFold",
		"sourceTypeKey", "name", "nameFold", "nameKey", "username", "usernameFold", "email", "emailFold", "firstName",
		"lastName", "status", "lastLogin", "latestActivity", "lastActive", "lastPasswordChanged", "mfa", "superAdmin",
		"administrative", "external", "locked", "serviceAccount", "serviceAccountReason", "factors", "factorsFold",
		"factorStrengths", "metadata", "stub", "firstSeen", "identityType",
	}
	grantColumns = []string{
		"permission", "permissionFold", "scope", "value", "counts", "project", "lastUsed", "metadata", "from",
	}
)

// newGrant is a row of a statement that creates grants: the target, as the statement names it, and
// the values of grantColumns in their order.
func newGrant(g *access.Grant, target string, at time.Time) []any {
	return []any{
		target, g.Permission, foldParam(g.Permission), textParam(g.Scope), g.Value, g.Counts, textParam(g.Project),
		timeParam(g.LastUsed), textParam(g.Metadata), micros(or(g.From, at)),
	}
}

// withoutNil is p for a new node, which needs no word about what it does not have.
func (p props) withoutNil() map[string]any {
	for name, value := range p {
		if value == nil {
			delete(p, name)
		}
	}
	return p
}

// micros is the precision of both stores: microseconds, UTC.
func micros(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

func textParam(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func textsParam(values []string) any {
	if len(values) == 0 {
		return nil
	}
	return values
}

func timeParam(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return micros(t)
}

// entityProps are all properties that a put of the entity decides: not firstSeen,
// removedAt, labels, mapping and identity type.
func entityProps(e *access.Entity) props {
	values := entityValues(e)
	p := make(props, len(entityColumns))
	for i, value := range values {
		p[entityColumns[i]] = value
	}
	return p
}

// entityValues are the values of entityProps in the order of entityColumns. Whoever creates the entity
// adds firstSeen and identityType, the last two.
func entityValues(e *access.Entity) []any {
	values := make([]any, 0, len(entityColumns))
	text := func(texts ...string) {
		for _, t := range texts {
			values = append(values, textParam(t))
		}
	}
	folded := func(t string) { values = append(values, textParam(t), foldParam(t)) }
	indexed := func(t string) { text(t, access.Fold(t)) }
	whole := func(texts ...string) {
		for _, t := range texts {
			values = append(values, t)
		}
	}
	times := func(list ...time.Time) {
		for _, t := range list {
			values = append(values, timeParam(t))
		}
	}
	status := e.Status
	if status == "" {
		status = access.StatusUnknown
	}
	whole(e.ID, e.Integration, string(e.Type))
	folded(e.Project)
	folded(e.SourceID)
	folded(e.SourceType)
	whole(access.SortKey(e.SourceType))
	indexed(e.Name)
	whole(access.SortKey(e.Name))
	folded(e.Username)
	indexed(e.Email)
	text(e.FirstName, e.LastName)
	whole(string(status))
	times(e.LastLogin, e.LatestActivity, e.LastActive(), e.LastPasswordChanged)
	for _, t := range []access.Tristate{e.MFA, e.SuperAdmin, e.Administrative, e.External, e.Locked, e.ServiceAccount} {
		values = append(values, tristateParam(t))
	}
	text(e.ServiceAccountReason)
	values = append(values, textsParam(e.Factors), textsParam(foldAll(e.Factors)), textsParam(strengths(e.Factors)))
	text(e.Metadata)
	return append(values, e.Stub)
}

// createdEntity is the row of an entity for a statement that creates it; it has no mapping yet.
func createdEntity(e *access.Entity, at time.Time) []any {
	var kind any
	if e.Type == access.Identity {
		unmapped := access.Entity{Type: e.Type, ServiceAccount: e.ServiceAccount}
		kind = string(unmapped.IdentityType())
	}
	return append(entityValues(e), micros(or(e.FirstSeen, at)), kind)
}

func foldAll(values []string) []string {
	if len(values) == 0 {
		return nil
	}
	out := make([]string, len(values))
	for i, v := range values {
		out[i] = access.Fold(v)
	}
	return out
}

func strengths(factors []string) []string {
	var out []string
	for _, f := range factors {
		out = append(out, string(access.StrengthOf(f)))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// grantProps are the properties of HAS_ACCESS except from.
func grantProps(g *access.Grant) props {
	p := make(props, 10)
	p["permission"] = g.Permission
	p["permissionFold"] = foldParam(g.Permission)
	p.text("scope", g.Scope)
	p["value"] = g.Value
	p["counts"] = g.Counts
	p.text("project", g.Project)
	p.time("lastUsed", g.LastUsed)
	p.text("metadata", g.Metadata)
	return p
}

func employeeProps(e *access.Employee) props {
	p := make(props, 32)
	p["id"] = e.ID
	p.folded("workEmail", e.WorkEmail)
	p.text("userId", e.UserID)
	p.folded("fullName", e.FullName)
	p["fullNameKey"] = access.SortKey(e.FullName)
	p.text("firstName", e.FirstName)
	p.text("lastName", e.LastName)
	p.folded("department", e.Department)
	p.folded("title", e.Title)
	p.time("startDate", e.StartDate)
	p.time("endDate", e.EndDate)
	p.folded("employmentType", e.EmploymentType)
	p.text("organization", e.Organization)
	p.text("manager", e.Manager)
	p.folded("managerEmail", e.ManagerEmail)
	p.text("sourceUserId", e.SourceUserID)
	roles := make([]string, len(e.Roles))
	for i, role := range e.Roles {
		roles[i] = string(role)
	}
	p.texts("roles", roles)
	p.text("metadataVer", e.MetadataVer)
	p.text("metadata", e.Metadata)
	return p
}

func integrationProps(i *access.Integration) props {
	p := make(props, 16)
	p["id"] = i.ID
	p["key"] = i.Key
	p.folded("name", i.Name)
	p["nameKey"] = access.SortKey(i.Name)
	p.text("application", i.Application)
	p.text("description", i.Description)
	p.text("extraction", string(i.Extraction))
	p.text("status", string(i.Status))
	p.text("message", i.Message)
	p.text("columnMap", jsonMap(i.ColumnMap))
	p.text("defaults", jsonMap(i.Defaults))
	p.time("createdAt", i.CreatedAt)
	p.time("lastSync", i.LastSync)
	return p
}

func jsonMap(m map[string]string) string {
	if len(m) == 0 {
		return ""
	}
	text, err := json.Marshal(m)
	if err != nil {
		panic(err) // a map of texts always has a JSON form
	}
	return string(text)
}

// ownerRows lists owners with their rank: 0 for the primary, then the secondaries.
func ownerRows(id string, o access.Owners) []any {
	var out []any
	if o.Primary != "" {
		out = append(out, map[string]any{"id": id, "employee": o.Primary, "rank": 0})
	}
	for n, employee := range o.Secondaries {
		out = append(out, map[string]any{"id": id, "employee": employee, "rank": n + 1})
	}
	return out
}
