package neo4j

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// get reads a property or column by name; absent ones are nil.
type get func(name string) any

// fromMap reads a map of properties.
func fromMap(m map[string]any) get { return func(name string) any { return m[name] } }

// decodeEntity reads the properties of an entity's node. Insights and Mapping are
// separate columns, see decodeInsights and decodeMapping.
func decodeEntity(of get) *access.Entity {
	text := func(name string) string { return asText(of(name)) }
	tristate := func(name string) access.Tristate { return access.Tristate(text(name)).Known() }
	return &access.Entity{
		ID: text("id"), Integration: text("integration"), Project: text("project"), Type: access.EntityType(text("type")),
		SourceID: text("sourceId"), SourceType: text("sourceType"), Name: text("name"),
		Username: text("username"), Email: text("email"), FirstName: text("firstName"), LastName: text("lastName"),
		Status:    access.Status(text("status")),
		LastLogin: asTime(of("lastLogin")), LatestActivity: asTime(of("latestActivity")),
		LastPasswordChanged: asTime(of("lastPasswordChanged")),
		MFA:                 tristate("mfa"), SuperAdmin: tristate("superAdmin"),
		Administrative: tristate("administrative"), External: tristate("external"),
		Locked: tristate("locked"), ServiceAccount: tristate("serviceAccount"),
		ServiceAccountReason: text("serviceAccountReason"),
		Factors:              asTexts(of("factors")), Metadata: text("metadata"), Stub: asBool(of("stub")),
		FirstSeen: asTime(of("firstSeen")), RemovedAt: asTime(of("removedAt")), Labels: asTexts(of("labels")),
	}
}

// decodeMapping reads a list of {employee, relation, origin, reason, at}, which has at
// most one item.
func decodeMapping(v any) *access.MappingRef {
	list, _ := v.([]any)
	if len(list) == 0 {
		return nil
	}
	m, _ := list[0].(map[string]any)
	return &access.MappingRef{
		EmployeeID: asText(m["employee"]), Relation: access.MappingRelation(asText(m["relation"])),
		Origin: access.MappingOrigin(asText(m["origin"])), Reason: asText(m["reason"]), At: asTime(m["at"]),
	}
}

// decodeInsights reads a list of {name, since, evidence} and sorts it by name.
func decodeInsights(v any) []access.Insight {
	list, _ := v.([]any)
	if len(list) == 0 {
		return nil
	}
	out := make([]access.Insight, len(list))
	for i, item := range list {
		m, _ := item.(map[string]any)
		out[i] = access.Insight{Name: asText(m["name"]), Since: asTime(m["since"]), Evidence: asText(m["evidence"])}
	}
	slices.SortFunc(out, func(a, b access.Insight) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// decodeGrant reads the properties of HAS_ACCESS or HAD_ACCESS.
func decodeGrant(source, target string, of get) access.Grant {
	text := func(name string) string { return asText(of(name)) }
	return access.Grant{
		Source: source, Target: target, Permission: text("permission"), Scope: text("scope"), Value: text("value"),
		Counts: asBool(of("counts")), Project: text("project"), LastUsed: asTime(of("lastUsed")),
		Metadata: text("metadata"), From: asTime(of("from")), To: asTime(of("to")),
	}
}

func decodeEmployee(of get) *access.Employee {
	text := func(name string) string { return asText(of(name)) }
	e := &access.Employee{
		ID: text("id"), WorkEmail: text("workEmail"), UserID: text("userId"), FullName: text("fullName"),
		FirstName: text("firstName"), LastName: text("lastName"), Department: text("department"), Title: text("title"),
		StartDate: asTime(of("startDate")), EndDate: asTime(of("endDate")), EmploymentType: text("employmentType"),
		Organization: text("organization"), Manager: text("manager"), ManagerEmail: text("managerEmail"),
		SourceUserID: text("sourceUserId"), MetadataVer: text("metadataVer"), Metadata: text("metadata"),
	}
	for _, role := range asTexts(of("roles")) {
		e.Roles = append(e.Roles, access.ProductRole(role))
	}
	return e
}

func decodeIntegration(of get) (access.Integration, error) {
	text := func(name string) string { return asText(of(name)) }
	i := access.Integration{
		ID: text("id"), Key: text("key"), Name: text("name"), Application: text("application"),
		Description: text("description"), Extraction: access.ExtractionType(text("extraction")),
		Status: access.IntegrationStatus(text("status")), Message: text("message"),
		CreatedAt: asTime(of("createdAt")), LastSync: asTime(of("lastSync")), Revision: asInt(of("revision")),
	}
	for name, into := range map[string]*map[string]string{"columnMap": &i.ColumnMap, "defaults": &i.Defaults} {
		if doc := text(name); doc != "" {
			if err := json.Unmarshal([]byte(doc), into); err != nil {
				return i, &access.Error{Code: access.CodeInternal, Message: "the integration's " + name + " cannot be read", Err: err}
			}
		}
	}
	return i, nil
}

// decodeOwners reads a list of {employee, rank}. Without a primary the first rank is 1.
func decodeOwners(v any) access.Owners {
	var o access.Owners
	list, _ := v.([]any)
	slices.SortFunc(list, func(a, b any) int { return int(rankOf(a) - rankOf(b)) })
	for _, item := range list {
		m, _ := item.(map[string]any)
		if asInt(m["rank"]) == 0 {
			o.Primary = asText(m["employee"])
			continue
		}
		o.Secondaries = append(o.Secondaries, asText(m["employee"]))
	}
	return o
}

func rankOf(v any) int64 {
	m, _ := v.(map[string]any)
	return asInt(m["rank"])
}
