package neo4j

import (
	"slices"

	"github.com/accessgraph/accessgraph/internal/access"
)

func (a *applier) putApplications(b *changes) error {
	list := make([]map[string]any, len(b.applications))
	for i, app := range b.applications {
		list[i] = map[string]any{"id": app.ID, "name": app.Name, "nameFold": access.Fold(app.Name)}
	}
	return execRows(a, "applications_put", "rows", list)
}

func (a *applier) putIntegrations(b *changes) error {
	if len(b.integrations) == 0 {
		return nil
	}
	list := make([]props, len(b.integrations))
	ids := make([]string, len(b.integrations))
	var owners []any
	for i, in := range b.integrations {
		list[i], ids[i] = integrationProps(in), in.ID
		owners = append(owners, ownerRows(in.ID, in.Owners)...)
		a.touched[in.Key] = true
	}
	if err := execRows(a, "integrations_put", "rows", list); err != nil {
		return err
	}
	if err := execRows(a, "app_owners_clear", "ids", ids); err != nil {
		return err
	}
	return a.putPeople("app_owners_put", "the integration ", owners)
}

// putPeople writes rows that each name an employee, and refuses unknown ones.
func (a *applier) putPeople(name, what string, list []any) error {
	written, err := count(a, name, "rows", list)
	if err != nil || written == int64(len(list)) {
		return err
	}
	var ids []string
	for _, r := range list {
		ids = append(ids, asText(r.(map[string]any)["employee"]))
	}
	found, err := a.run("employees_known", map[string]any{"ids": ids})
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range found {
		known[r.text("id")] = true
	}
	for i, id := range ids {
		if !known[id] {
			return access.Errorf(access.CodeInvalidInput, "%s%s: the employee %q does not exist", what, list[i].(map[string]any)["id"], id)
		}
	}
	return access.Errorf(access.CodeInternal, "Neo4j wrote fewer rows than it was given (%s)", name)
}

func (a *applier) putEmployees(b *changes) error {
	if len(b.employees) == 0 {
		return nil
	}
	list := make([]any, len(b.employees))
	links := make([]any, len(b.employees))
	for i, e := range b.employees {
		list[i] = map[string]any(employeeProps(e))
		link := map[string]any{"id": e.ID, "email": access.Fold(e.WorkEmail), "manager": nil}
		if e.ManagerEmail != "" {
			link["manager"] = access.EmployeeID(e.ManagerEmail)
		}
		links[i] = link
	}
	for _, step := range []struct {
		name string
		rows []any
	}{{"employees_put", list}, {"employees_managers", links}, {"employees_reports", links}} {
		if err := a.exec(step.name, map[string]any{"rows": step.rows}); err != nil {
			return err
		}
	}
	return nil
}

// aboutEntities runs a statement on entities, live or removed, and refuses unknown ones.
func (a *applier) aboutEntities(name, param, what string, list any, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := a.run(name, map[string]any{param: list})
	if err != nil || found[0].int("found") == int64(len(ids)) {
		return err
	}
	found, err = a.run("entities_find", batched("ids", ids))
	if err != nil {
		return err
	}
	known := map[string]bool{}
	for _, r := range found {
		known[r.text("id")] = true
	}
	for _, id := range ids {
		if !known[id] {
			return access.Errorf(access.CodeInvalidInput, "%s of the entity %q, which does not exist", what, id)
		}
	}
	return access.Errorf(access.CodeInvalidInput, "two %s of one entity in one commit", what)
}

var mappingStatements = map[access.MappingRelation]string{
	access.IS: "mappings_is", access.OWNS: "mappings_owns", access.NotMapped: "mappings_none",
}

func (a *applier) putMappings(b *changes) error {
	ids := make([]string, len(b.mappings))
	byRelation := map[access.MappingRelation][]any{}
	for i, m := range b.mappings {
		ids[i] = m.EntityID
		set := props{"origin": string(m.Origin)}
		set.text("reason", m.Reason)
		set.time("at", m.At)
		byRelation[m.Relation] = append(byRelation[m.Relation], map[string]any{
			"id": m.EntityID, "employee": m.EmployeeID, "set": map[string]any(set),
		})
	}
	if err := a.aboutEntities("mappings_clear", "ids", "a mapping", ids, ids); err != nil {
		return err
	}
	for _, relation := range []access.MappingRelation{access.IS, access.OWNS} {
		if err := a.putPeople(mappingStatements[relation], "the mapping of ", byRelation[relation]); err != nil {
			return err
		}
	}
	if err := execRows(a, mappingStatements[access.NotMapped], "rows", byRelation[access.NotMapped]); err != nil {
		return err
	}
	return execBatch(a, "identity_types", "ids", ids)
}

func (a *applier) removeMappings(b *changes) error {
	if err := execRows(a, "mappings_clear", "ids", b.removedMapping); err != nil {
		return err
	}
	return execBatch(a, "identity_types", "ids", b.removedMapping)
}

func (a *applier) putOwners(b *changes) error {
	ids := make([]string, len(b.owners))
	var list []any
	for i, o := range b.owners {
		ids[i] = o.EntityID
		list = append(list, ownerRows(o.EntityID, o.Owners)...)
	}
	if err := a.aboutEntities("owners_clear", "ids", "owners", ids, ids); err != nil {
		return err
	}
	return a.putPeople("owners_put", "the owners of ", list)
}

func (a *applier) putLabels(b *changes) error {
	ids := make([]string, len(b.labels))
	list := make([]any, len(b.labels))
	for i, l := range b.labels {
		labels := slices.Clone(l.Labels)
		slices.Sort(labels)
		labels = slices.Compact(labels)
		ids[i] = l.EntityID
		set := props{}
		set.texts("labels", labels)
		set.texts("labelsFold", foldAll(labels))
		list[i] = map[string]any{"id": l.EntityID, "labels": set["labels"], "labelsFold": set["labelsFold"]}
	}
	return a.aboutEntities("labels_put", "rows", "labels", list, ids)
}

func (a *applier) putInsights(b *changes) error {
	ids := make([]string, len(b.insights))
	var list []map[string]any
	for i, of := range b.insights {
		ids[i] = of.EntityID
		last := map[string]access.Insight{} // of two with one name the later one holds
		for _, in := range of.Insights {
			last[access.InsightID(in.Name)] = in
		}
		for id, in := range last {
			set := props{}
			set.text("evidence", in.Evidence)
			set.time("since", in.Since)
			list = append(list, map[string]any{
				"id": of.EntityID, "insight": id, "name": in.Name, "nameFold": access.Fold(in.Name), "set": map[string]any(set),
			})
		}
	}
	if err := a.aboutEntities("insights_clear", "ids", "insights", ids, ids); err != nil {
		return err
	}
	return execRows(a, "insights_put", "rows", list)
}
