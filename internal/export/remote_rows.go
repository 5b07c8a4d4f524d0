package export

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

const (
	endFields  = `id name type sourceType integration { name }`
	grantEdges = `edges { node { target { ` + endFields + ` } permission value counts scope project lastUsed from metadata } }` + pageInfo

	// Page sizes keep within the server's cost limit.
	entitiesQuery = `query ($filter: EntityFilter, $after: String) { entities(filter: $filter, first: 500, after: $after) { edges { node {
		id name type sourceType sourceId project status username email firstName lastName mfaEnabled lastLoginTime latestActivityTime
		lastPasswordChangedTime superAdmin administrative external locked serviceAccount serviceAccountReason factors { name } labels
		stub firstSeen removedAt metadata identityType integration { name application { name } } employee { workEmail }
		mapping { relation } insights { name }
	} }` + pageInfo + ` } }`
	grantsQuery = `query ($filter: EntityFilter, $after: String) { entities(filter: $filter, first: 50, after: $after) { edges { node {
		` + endFields + ` grants(first: 100) { ` + grantEdges + ` } } }` + pageInfo + ` } }`
	moreGrantsQuery = `query ($id: ID!, $after: String) { entity(id: $id) { id grants(first: 500, after: $after) { ` + grantEdges + ` } } }`
	employeesQuery  = `query ($after: String) { employees(first: 500, after: $after) { edges { node {
		userId fullName firstName lastName workEmail department title startDate endDate employmentType organization managerName managerEmail
		sourceUserId roles metadata state } }` + pageInfo + ` } }`
)

type remoteName struct {
	Name string `json:"name"`
}

func nameList(list []remoteName) []string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = n.Name
	}
	return out
}

type remoteEnd struct {
	ID, Name, Type, SourceType string
	Integration                remoteName
}

func (e *remoteEnd) end() end { return end{e.ID, e.Name, e.Type, e.SourceType, e.Integration.Name} }

// remoteSource is an entity with what it holds.
type remoteSource struct {
	remoteEnd
	Grants page[remoteGrant] `json:"grants"`
}

type remoteGrant struct {
	Target                            remoteEnd
	Permission, Value, Scope, Project string
	Counts                            bool
	LastUsed, From                    time.Time
	Metadata                          json.RawMessage
}

func (g *remoteGrant) cells(source *remoteEnd) []string {
	return grantCells(source.end(), g.Target.end(), &access.Grant{
		Project: g.Project, Permission: g.Permission, Value: g.Value, Counts: g.Counts, Scope: g.Scope, LastUsed: g.LastUsed, From: g.From,
		Metadata: object(g.Metadata),
	})
}

// remoteEntity has the fields that the row of an entity shows.
type remoteEntity struct {
	remoteEnd
	Integration struct {
		Name        string
		Application remoteName
	}
	SourceID, Project, Status, Username, Email, FirstName, LastName string
	MfaEnabled                                                      *bool
	LastLoginTime, LatestActivityTime, LastPasswordChangedTime      time.Time
	SuperAdmin, Administrative, External, Locked, ServiceAccount    string
	ServiceAccountReason, IdentityType                              string
	Factors, Insights                                               []remoteName
	Labels                                                          []string
	Stub                                                            bool
	FirstSeen, RemovedAt                                            time.Time
	Metadata                                                        json.RawMessage
	Employee                                                        *struct{ WorkEmail string }
	Mapping                                                         *struct{ Relation string }
}

func (e *remoteEntity) cells() []string {
	mfa := access.Unknown
	if e.MfaEnabled != nil {
		mfa = access.TristateOf(*e.MfaEnabled)
	}
	employee, relation := "", ""
	if e.Employee != nil {
		employee = e.Employee.WorkEmail
	}
	if e.Mapping != nil {
		relation = e.Mapping.Relation
	}
	return []string{
		e.ID, e.Integration.Application.Name, e.Integration.Name, e.Project, e.Type, e.SourceType, e.SourceID, e.Name, e.Username, e.Email, e.FirstName, e.LastName,
		e.Status, e.IdentityType, employee, relation, stamp(e.LastLoginTime), stamp(e.LatestActivityTime), stamp(e.LastPasswordChangedTime), string(mfa), e.SuperAdmin,
		e.Administrative, e.External, e.Locked, e.ServiceAccount, e.ServiceAccountReason, joined(nameList(e.Factors)), joined(e.Labels), joined(nameList(e.Insights)), strconv.FormatBool(e.Stub),
		stamp(e.FirstSeen), stamp(e.RemovedAt), object(e.Metadata),
	}
}

type remoteEmployee struct {
	UserID, FullName, FirstName, LastName, WorkEmail, Department, Title string
	StartDate, EndDate, EmploymentType, Organization                    string
	ManagerName, ManagerEmail, SourceUserID, State                      string
	Roles                                                               []string
	Metadata                                                            json.RawMessage
}

func (e *remoteEmployee) cells() []string {
	roles := strings.ToLower(strings.ReplaceAll(strings.Join(e.Roles, ", "), "_", " "))
	metadata, version := object(e.Metadata), ""
	if metadata != "" {
		version = "v1" // the one that there is
	}
	return []string{
		e.UserID, e.FullName, e.FirstName, e.LastName, e.WorkEmail, e.Department, e.Title, remoteDate(e.StartDate), remoteDate(e.EndDate), e.EmploymentType,
		e.Organization, e.ManagerName, e.ManagerEmail, e.SourceUserID, roles, version, metadata, e.State,
	}
}

func remoteDate(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return date(t)
}

// object is a JSON value as one line of text; empty for null.
func object(raw json.RawMessage) string {
	var b bytes.Buffer
	if len(raw) == 0 || string(raw) == "null" || json.Compact(&b, raw) != nil {
		return ""
	}
	return b.String()
}
