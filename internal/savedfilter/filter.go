// Package savedfilter keeps filters under names: shared with everybody or personal. Who
// uses one copies it, so that later changes do not reach what was built on it.
package savedfilter

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/auth"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// Page is the kind of page that a filter was made on.
type Page string

// The pages.
const (
	Entities     Page = "ENTITIES" // of every type; the filter builder and the graph
	Identities   Page = "IDENTITIES"
	Connections  Page = "CONNECTIONS"
	Resources    Page = "RESOURCES"
	Applications Page = "APPLICATIONS"
	Employees    Page = "EMPLOYEES"
)

// Pages lists every page.
var Pages = []Page{Entities, Identities, Connections, Resources, Applications, Employees}

// Filter is a saved filter.
type Filter struct {
	ID        string          `json:"id"`
	Name      string          `json:"name"` // unique without case
	Page      Page            `json:"page"`
	Filter    json.RawMessage `json:"filter"` // valid, in the form of filter.Filter
	Search    string          `json:"search,omitempty"`
	Shared    bool            `json:"shared"` // everybody sees it
	Owner     auth.Principal  `json:"owner"`  // who made it, without roles
	CreatedAt time.Time       `json:"createdAt"`
	UpdatedBy string          `json:"updatedBy"` // actor
	UpdatedAt time.Time       `json:"updatedAt"`

	Revision int64 `json:"-"`
}

// Parsed returns the filter itself. Stored filters are valid; one of a later version
// may not be.
func (f *Filter) Parsed() (*filter.Filter, error) { return filter.Parse(f.Filter, "filter") }

// Mine reports whether p made the filter.
func (f *Filter) Mine(p auth.Principal) bool {
	return p.Same(f.Owner) || p.EmployeeID != "" && p.EmployeeID == f.Owner.EmployeeID
}

// seenBy: personal filters are their maker's, and administrators'.
func (f *Filter) seenBy(p auth.Principal) bool {
	return f.Shared || f.EditableBy(p)
}

// EditableBy reports whether p may change and delete the filter.
func (f *Filter) EditableBy(p auth.Principal) bool {
	return f.Mine(p) || p.Has(access.Administrator)
}

// identityFields say something of identities alone.
var identityFields = []string{"identityType", "mfaEnabled", "username", "email", "inactiveForDays", "neverActive", "passwordOlderThanDays",
	"factor", "factorStrength", "superAdmin", "administrative", "external", "serviceAccount"}

var pageFields = map[Page][]string{
	Applications: {"application"},
	Employees:    {"user", "manager", "department", "jobTitle", "employmentType", "employeeState"},
}

// has reports whether a page knows a field of filters.
func (p Page) has(field string) bool {
	if only, ok := pageFields[p]; ok {
		return slices.Contains(only, field)
	}
	switch {
	case p == Entities:
		return true
	case field == "type":
		return false // the page says it
	}
	return p == Identities || !slices.Contains(identityFields, field)
}

// Fit returns what of the filter a page can apply, and the paths of the fields that were
// dropped, sorted. What and, or and not combine is fitted likewise; what is left empty
// restricts nothing.
func Fit(f *filter.Filter, to Page) (*filter.Filter, []string, error) {
	raw, err := json.Marshal(f)
	if err != nil {
		return nil, nil, err
	}
	var fields map[string]any
	if err := json.Unmarshal(raw, &fields); err != nil {
		return nil, nil, err
	}
	dropped := []string{}
	fit(fields, to, "", &dropped)
	slices.Sort(dropped)
	if raw, err = json.Marshal(fields); err != nil {
		return nil, nil, err
	}
	fitted, err := filter.Parse(raw, "filter")
	return fitted, dropped, err
}

func fit(fields map[string]any, to Page, path string, dropped *[]string) {
	for name, v := range fields {
		switch name {
		case "not":
			if part, ok := v.(map[string]any); ok {
				fit(part, to, path+"not.", dropped)
			}
		case "and", "or":
			list, _ := v.([]any)
			for i, v := range list {
				if part, ok := v.(map[string]any); ok {
					fit(part, to, path+name+"["+itoa(i)+"].", dropped)
				}
			}
		default:
			if !to.has(name) {
				*dropped = append(*dropped, path+name)
				delete(fields, name)
			}
		}
	}
}

// nameOf cleans a name.
func nameOf(s string) (string, error) {
	const longest = 200
	s = access.Clean(s)
	switch {
	case s == "":
		return "", access.Invalid("name", "give the filter a name")
	case len(s) > longest:
		return "", access.Invalid("name", "is longer than %d bytes", longest)
	case strings.ContainsAny(s, "\r\n\t"):
		return "", access.Invalid("name", "is one line")
	}
	return s, nil
}
