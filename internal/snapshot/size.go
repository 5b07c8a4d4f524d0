package snapshot

import "unsafe"

// Size is the memory of a snapshot in bytes, by component. Texts are counted apart from
// the numbers that find them. What was asked and is kept, and walkers, are Kept.
type Size struct {
	Rows, Grants, Pairs int // entities, removed ones included; grants, ended ones included

	Identities int64 // ids: what finds them
	Attributes int64 // columns of entities, sets of their values included
	Adjacency  int64 // pairs both ways with what they give
	Topology   int64 // connections without cycles
	Table      int64 // grants, both ways
	Dictionary int64 // of grants
	People     int64 // columns of employees, not the employees
	Texts      int64 // of entities and grants, the ids' included
	Kept       int64
}

// Total is all of it.
func (s Size) Total() int64 {
	return s.Identities + s.Attributes + s.Adjacency + s.Topology + s.Table + s.Dictionary + s.People + s.Texts + s.Kept
}

// PerGrant is the bytes of a grant: its place in the table, its pair both ways and what it
// gives. What an entity costs there, the ends of its lists, is PerEntity's.
func (s Size) PerGrant() float64 {
	if s.Grants == 0 {
		return 0
	}
	return float64(s.Table+s.Dictionary+s.Adjacency-s.ends()) / float64(s.Grants)
}

// PerEntity is the bytes of an entity without its texts.
func (s Size) PerEntity() float64 {
	if s.Rows == 0 {
		return 0
	}
	return float64(s.Identities+s.Attributes+s.Topology+s.ends()) / float64(s.Rows)
}

// ends is what the offsets of grants and pairs by row take: two lists of live grants, two
// of ended ones and two of pairs.
func (s Size) ends() int64 { return 6 * 4 * int64(s.Rows) }

// Size measures the snapshot. O(columns).
func (s *Snapshot) Size() Size {
	out := Size{Rows: s.n, Grants: s.grants.len() + s.ended.len(), Pairs: s.to.Edges()}
	out.Identities = int64(len(s.ids))*int64(unsafe.Sizeof("")) + 4*int64(len(s.byID)+len(s.idPos))
	for _, id := range s.ids {
		out.Texts += int64(len(id))
	}
	add := func(numbers, texts int64) {
		out.Attributes += numbers
		out.Texts += texts
	}
	for _, c := range s.text {
		add(c.size())
	}
	for _, c := range []*column{s.factors, s.labels, s.insightNames} {
		add(c.size())
	}
	for i := range s.plain {
		add(s.plain[i].size())
	}
	for i := range s.mapped.text {
		add(s.mapped.text[i].size())
	}
	for i := range s.time {
		out.Attributes += s.time[i].bytes()
	}
	out.Attributes += s.mapped.at.bytes()
	for _, e := range s.enums {
		out.Attributes += int64(len(e.codes))
		for i := range e.sets {
			out.Attributes += e.sets[i].bytes()
		}
	}
	out.Attributes += int64(len(s.kind)) + 4*int64(len(s.insightsAt)+len(s.employeeAt)) + 8*int64(len(s.live)+len(s.stub)+len(s.loops))
	for _, set := range s.types {
		out.Attributes += 8 * int64(len(set))
	}
	out.Adjacency = s.to.bytes() + s.from.bytes()
	t := s.topology
	out.Topology = 4*int64(len(t.of)) + t.members.bytes() + t.next.bytes() + t.nests.bytes() + 8*int64(len(t.cyclic)) + 12*int64(t.components())
	for _, grants := range []*grantTable{s.grants, s.ended} {
		numbers, dictionary, texts := grants.size()
		out.Table += numbers
		out.Dictionary += dictionary
		out.Texts += texts
	}
	for _, c := range []*column{s.people.workEmail, s.people.managerEmail, s.people.department, s.people.title, s.people.employmentType} {
		numbers, texts := c.size()
		out.People += numbers
		out.Texts += texts
	}
	out.Kept = t.flats.bytes.Load() + s.answers.held() + s.orderKeys.bytes() + s.walkers.bytes() + 8*int64(len(s.cache.places))
	return out
}

func (a *Adjacency) bytes() int64 { return 4 * int64(len(a.offsets)+len(a.rows)+len(a.bundles)) }

// shares reports whether both are the same memory.
func (t *texts) shares(o *texts) bool { return shares(t.ends, o.ends) && shares(t.far, o.far) }

func (d *dict) size() (numbers, texts int64) {
	numbers, texts = d.values.bytes(), int64(len(d.values.slab))
	if !d.values.shares(&d.folds) {
		numbers, texts = numbers+d.folds.bytes(), texts+int64(len(d.folds.slab))
	}
	return numbers, texts
}

func (c *column) size() (numbers, texts int64) {
	numbers, texts = c.dict.size()
	numbers += c.codes.bytes() + 4*int64(len(c.many)+len(c.offsets)+len(c.rows)+len(c.rowsAt)) + 8*int64(len(c.present))
	for i := range c.sets {
		numbers += c.sets[i].bytes()
	}
	return numbers, texts
}

func (p *plain) size() (numbers, texts int64) {
	return p.codes.bytes() + p.values.bytes(), int64(len(p.values.slab))
}

func (t *grantTable) size() (numbers, dictionary, texts int64) {
	numbers = 4*int64(len(t.source)+len(t.target)+len(t.out)+len(t.in)+len(t.inOrder)) + 8*int64(len(t.counts)) +
		t.permission.bytes() + t.scope.bytes() + t.value.bytes() + t.project.bytes() + t.lastUsed.bytes() + t.from.bytes() + t.to.bytes()
	more, texts := t.metadata.size()
	numbers += more
	for _, d := range []*dict{&t.permissions, &t.scopes, &t.values, &t.projects} {
		n, x := d.size()
		dictionary, texts = dictionary+n, texts+x
	}
	return numbers, dictionary, texts
}
