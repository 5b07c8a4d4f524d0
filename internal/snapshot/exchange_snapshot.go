package snapshot

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
)

// snapshot passes all that is not derived from the rest.
func (x *exchange) snapshot(s *Snapshot) {
	swap(x, "ids", &s.ids)
	if x.in != nil && len(s.ids) != s.n {
		x.damaged("%d ids of %d rows", len(s.ids), s.n)
		return
	}
	swap(x, "byID", &s.byID)
	swap(x, "kind", &s.kind)
	x.bits("live", &s.live, s.n)
	x.bits("stub", &s.stub, s.n)
	for f := range s.text {
		x.column(fmt.Sprintf("text.%d", f), &s.text[f], s.n)
	}
	for f := range s.plain {
		x.plain(fmt.Sprintf("plain.%d", f), &s.plain[f], s.n)
	}
	for f := range s.time {
		x.times(fmt.Sprintf("time.%d", f), &s.time[f], s.n)
	}
	if x.in != nil {
		newEnums(s)
	}
	for f, c := range s.enums {
		name := fmt.Sprintf("enum.%d", f)
		values := c.values
		swap(x, name+".values", &values)
		swap(x, name+".codes", &c.codes)
		if x.in != nil {
			strange := func(code uint8) bool { return int(code) >= len(values) && code != noEnum }
			if !slices.Equal(values, c.values) || len(c.codes) != s.n || slices.ContainsFunc(c.codes, strange) {
				x.damaged("the values of %s", name)
				return
			}
			x.derive = append(x.derive, c.collect)
		}
	}
	x.lists("factors", &s.factors, s.n)
	x.lists("labels", &s.labels, s.n)
	x.lists("insightNames", &s.insightNames, s.n)
	x.said(s)
	x.employees(&s.people)
	x.names(&s.integrations)
	x.grants("grants", &s.grants, s.n)
	x.grants("ended", &s.ended, s.n)
}

// said passes insights, mappings and whose account a row is.
func (x *exchange) said(s *Snapshot) {
	swap(x, "insightsAt", &s.insightsAt)
	swap(x, "employeeAt", &s.employeeAt)
	var list []access.Insight
	ends := make([]uint32, 1, len(s.insights)+1)
	for _, of := range s.insights {
		list = append(list, of...)
		ends = append(ends, uint32(len(list))) //nolint:gosec // fewer than 2^32
	}
	swap(x, "insights.ends", &ends)
	key(x, "insights.name", &list, func(i *access.Insight) *string { return &i.Name })
	field(x, "insights.evidence", list, func(i *access.Insight) *string { return &i.Evidence })
	moment(x, "insights.since", list, func(i *access.Insight) *time.Time { return &i.Since })
	if x.in != nil && x.err == nil {
		if !isOffsets(ends, len(ends)-1, len(list)) {
			x.damaged("the lists of insights")
			return
		}
		s.insights = make([][]access.Insight, len(ends)-1)
		for i := range s.insights {
			s.insights[i] = list[ends[i]:ends[i+1]:ends[i+1]]
		}
	}
	for f := range s.mapped.text {
		x.plain(fmt.Sprintf("mapped.%d", f), &s.mapped.text[f], s.n)
	}
	x.times("mapped.at", &s.mapped.at, s.n)
}

// names passes the names of integrations.
func (x *exchange) names(of *map[string]named) {
	type integration struct {
		key string
		named
	}
	var list []integration
	for _, k := range slices.Sorted(maps.Keys(*of)) {
		list = append(list, integration{k, (*of)[k]})
	}
	key(x, "integrations.key", &list, func(i *integration) *string { return &i.key })
	field(x, "integrations.name", list, func(i *integration) *string { return &i.integration })
	field(x, "integrations.application", list, func(i *integration) *string { return &i.application })
	if x.in != nil {
		*of = make(map[string]named, len(list))
		for _, i := range list {
			(*of)[i.key] = i.named
		}
	}
}

// grants passes a table of grants.
func (x *exchange) grants(name string, table **grantTable, rows int) {
	if x.in != nil {
		*table = &grantTable{}
	}
	t := *table
	swap(x, name+".out", &t.out)
	swap(x, name+".target", &t.target)
	n := len(t.target)
	if x.in != nil && x.err == nil {
		if !isOffsets(t.out, rows, n) || n > 0 && int(slices.Max(t.target)) >= rows {
			x.damaged("the ends of %s", name)
			return
		}
		x.derive = append(x.derive, func() {
			t.source = make([]uint32, n)
			for row := range uint32(rows) { //nolint:gosec // fewer than 2^32 rows
				for g := t.out[row]; g < t.out[row+1]; g++ {
					t.source[g] = row
				}
			}
		}, func() { t.in, t.inOrder = group(t.target, rows) })
	}
	for _, c := range []struct {
		name  string
		dict  *dict
		codes *codes
	}{
		{"permission", &t.permissions, &t.permission}, {"scope", &t.scopes, &t.scope}, {"value", &t.values, &t.value}, {"project", &t.projects, &t.project},
	} {
		x.dict(name+"."+c.name, c.dict)
		x.codes(name+"."+c.name, c.codes, n, c.dict.len())
	}
	x.bits(name+".counts", &t.counts, n)
	x.times(name+".lastUsed", &t.lastUsed, n)
	x.times(name+".from", &t.from, n)
	x.times(name+".to", &t.to, n)
	x.plain(name+".metadata", &t.metadata, n)
}

// Validate reports whether the snapshot is one that Build could have made, as far as its
// answers depend on it: what its lists refer to is there, and what is sorted is sorted. What
// exchange looked at is not looked at again. O(rows + grants).
func (s *Snapshot) Validate() error {
	bad := func(format string, args ...any) error {
		return access.Errorf(access.CodeInternal, "the snapshot is damaged: "+format, args...)
	}
	for _, n := range []int{len(s.ids), len(s.byID), len(s.kind), len(s.insightsAt), len(s.employeeAt)} {
		if n != s.n {
			return bad("a column has %d of %d rows", n, s.n)
		}
	}
	s.idPos = make([]uint32, s.n)
	for i, row := range s.byID {
		if int(row) >= s.n || i > 0 && s.ids[s.byID[i-1]] >= s.ids[row] {
			return bad("ids are out of order")
		}
		s.idPos[row] = uint32(i) //nolint:gosec // an index
	}
	names := s.text[textName]
	for row := range uint32(s.n) { //nolint:gosec // fewer than 2^32 rows
		if row > 0 {
			if c := compareNames(names.fold(names.codes.at(row-1)), names.fold(names.codes.at(row))); c > 0 || c == 0 && s.ids[row-1] >= s.ids[row] {
				return bad("rows are out of order")
			}
		}
		kind := s.kind[row]
		if int(kind) >= len(access.EntityTypes) || s.enums[enumType].text(row) != string(access.EntityTypes[kind]) {
			return bad("a row has the type %d", kind)
		}
		if i := s.insightsAt[row]; i < -1 || int(i) >= len(s.insights) {
			return bad("a row has the insights %d", i)
		}
		if i := s.employeeAt[row]; i < -1 || int(i) >= len(s.people.all) {
			return bad("a row has the employee %d", i)
		}
	}
	for i, e := range s.people.all {
		if i > 0 && s.people.all[i-1].ID >= e.ID {
			return bad("people are out of order")
		}
	}
	for f, c := range append(s.text[:], s.factors, s.labels, s.insightNames) {
		if !c.inOrder() {
			return bad("the texts of column %d are out of order", f)
		}
	}
	if err := s.grants.validate(s.live, true); err != nil {
		return err
	}
	return s.ended.validate(s.live, false)
}

// inOrder reports whether codes compare as their texts do.
func (d *dict) inOrder() bool {
	for code := uint32(1); code < d.len(); code++ {
		c := strings.Compare(d.folds.at(code-1), d.folds.at(code))
		if c > 0 || c == 0 && d.values.at(code-1) >= d.values.at(code) {
			return false
		}
	}
	return true
}

func (t *grantTable) validate(live Bits, present bool) error {
	for _, d := range []*dict{&t.permissions, &t.scopes, &t.values, &t.projects} {
		if !d.inOrder() {
			return access.Errorf(access.CodeInternal, "the snapshot is damaged: the texts of grants are out of order")
		}
	}
	for g := range t.target {
		if g > 0 && t.source[g-1] == t.source[g] && t.target[g-1] > t.target[g] {
			return access.Errorf(access.CodeInternal, "the snapshot is damaged: grants are out of order")
		}
		if present && !(live.Has(t.source[g]) && live.Has(t.target[g])) {
			return access.Errorf(access.CodeInternal, "the snapshot is damaged: a live grant of a removed entity")
		}
	}
	return nil
}
