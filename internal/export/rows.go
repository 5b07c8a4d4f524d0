package export

import (
	"strconv"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Columns are the header of a dataset.
func Columns(d Dataset) []string {
	switch d {
	case Entities:
		return []string{
			"ID", "Application", "Integration", "Project", "Type", "Source Type", "Source ID", "Name", "Username", "Email", "First Name", "Last Name",
			"Status", "Identity Type", "Employee Email", "Mapping", "Last Login", "Last Active", "Last Password Changed", "MFA", "Super Admin",
			"Administrative", "External", "Locked", "Service Account", "Service Account Reason", "Factors", "Labels", "Insights", "Stub",
			"First Seen", "Removed At", "Metadata",
		}
	case Access:
		return []string{
			"Source ID", "Source", "Source Type", "Source Integration", "Target ID", "Target", "Target Type", "Target Source Type",
			"Target Integration", "Permissions", "Direct", "Providers", "Length", "Shortest Chain",
		}
	case Grants:
		return []string{
			"Source ID", "Source", "Source Type", "Target ID", "Target", "Target Type", "Integration", "Project", "Permission", "Value", "Counts",
			"Scope", "Last Used", "From", "Metadata",
		}
	}
	return []string{
		"User ID", "Full Name", "First Name", "Last Name", "Work Email", "Department", "Title", "Start Date", "End Date", "Employment Type",
		"Organization", "Manager", "Manager Work Email", "Source User ID", "Product Roles", "Metadata Version", "Metadata", "State",
	}
}

// where is what a row says of the integration that an entity belongs to.
type where struct{ application, integration string }

func entityCells(e *access.Entity, at where, employeeEmail string) []string {
	relation := ""
	if e.Mapping != nil && e.Mapping.Relation != access.NotMapped {
		relation = string(e.Mapping.Relation)
	}
	status := e.Status
	if status == "" {
		status = access.StatusUnknown
	}
	insights := make([]string, len(e.Insights))
	for i, s := range e.Insights {
		insights[i] = s.Name
	}
	return []string{
		e.ID, at.application, at.integration, e.Project, string(e.Type), e.SourceType, e.SourceID, e.Name, e.Username, e.Email, e.FirstName, e.LastName,
		string(status), string(e.IdentityType()), employeeEmail, relation, stamp(e.LastLogin), stamp(e.LastActive()), stamp(e.LastPasswordChanged), state(e.MFA), state(e.SuperAdmin),
		state(e.Administrative), state(e.External), state(e.Locked), state(e.ServiceAccount), e.ServiceAccountReason, joined(e.Factors), joined(e.Labels), joined(insights), strconv.FormatBool(e.Stub),
		stamp(e.FirstSeen), stamp(e.RemovedAt), e.Metadata,
	}
}

// end is one end of an access or a grant, as rows show it.
type end struct {
	id, name, kind, sourceType, integration string
}

func endOf(e *access.Entity, integration string) end {
	return end{e.ID, e.Name, string(e.Type), e.SourceType, integration}
}

// accessCells: chain are the names along the shortest chain, none where it is too long to
// be known.
func accessCells(source, target end, permissions []access.Permission, direct bool, providers, chain []string) []string {
	length := ""
	if len(chain) > 0 {
		length = strconv.Itoa(len(chain) - 1)
	}
	return []string{
		source.id, source.name, source.kind, source.integration, target.id, target.name, target.kind, target.sourceType,
		target.integration, permissionList(permissions), strconv.FormatBool(direct), joined(providers), length, strings.Join(chain, " > "),
	}
}

func grantCells(source, target end, g *access.Grant) []string {
	return []string{
		source.id, source.name, source.kind, target.id, target.name, target.kind, source.integration, g.Project, g.Permission, g.Value, strconv.FormatBool(g.Counts),
		g.Scope, stamp(g.LastUsed), stamp(g.From), g.Metadata,
	}
}

func employeeCells(e *access.Employee, now time.Time) []string {
	roles := make([]string, len(e.Roles))
	for i, r := range e.Roles {
		roles[i] = strings.ToLower(strings.ReplaceAll(string(r), "_", " "))
	}
	return []string{
		e.UserID, e.FullName, e.FirstName, e.LastName, e.WorkEmail, e.Department, e.Title, date(e.StartDate), date(e.EndDate), e.EmploymentType,
		e.Organization, e.Manager, e.ManagerEmail, e.SourceUserID, strings.Join(roles, ", "), e.MetadataVer, e.Metadata, string(e.State(now)),
	}
}

// permissionList names permissions; a value other than true stands behind its name.
func permissionList(permissions []access.Permission) string {
	return joined(permissionTexts(permissions))
}

func joined(texts []string) string { return strings.Join(texts, "; ") }

func state(t access.Tristate) string { return string(t.Known()) }

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format("01/02/2006") // as an employees file wants it
}
