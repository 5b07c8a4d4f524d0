package snapshot

import (
	"slices"
	"sort"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Snapshot is one version of the graph. It never changes and is safe for concurrent use.
type Snapshot struct {
	version int64
	mark    string // of the version, see store.ChangeView; "" when the source has none
	drifted bool   // read while commits went on, which are to be applied before it answers
	n       int    // rows: live and removed entities

	columns

	live  Bits
	kind  []uint8 // index into access.EntityTypes
	types [3]Bits // rows by kind, removed ones included

	grants *grantTable
	ended  *grantTable
	to     *Adjacency // distinct counting pairs
	from   *Adjacency
	loops  Bits // rows that reach themselves, by a cycle or self-loop

	topology  *topology
	answers   answers
	reached   reachedColumns
	orderKeys orderKeys
	bundles   *bundles // what the pairs give

	walkers walkers
	cache   showCache

	derived derived
	moments moments
}

// columns are what is known of the entities themselves. Snapshots share them.
type columns struct {
	ids   []string // by row
	byID  []uint32 // rows in the order of ids
	idPos []uint32 // row → its place in byID

	text  [textFields]*column
	enums [enumFields]*enumColumn
	time  [timeFields]times

	factors, labels, insightNames *column
	insights                      [][]access.Insight
	insightsAt                    []int32 // row → index into insights, -1 = none
	mapped                        mapped
	employeeAt                    []int32 // row → index into people, -1 = none
	plain                         [plainFields]plain
	stub                          Bits

	people       *people
	integrations map[string]named // by key
}

// Stats are the sizes of a snapshot.
type Stats struct {
	Version                                         int64
	Entities, Removed, Grants, Ended, Pairs, People int
}

// Stats returns the sizes.
func (s *Snapshot) Stats() Stats {
	live := s.live.Count()
	return Stats{
		Version: s.version, Entities: live, Removed: s.n - live, Grants: s.grants.len(), Ended: s.ended.len(),
		Pairs: s.to.Edges(), People: len(s.people.all),
	}
}

// Version is the graph version that the snapshot holds.
func (s *Snapshot) Version() int64 { return s.version }

// Rows is the number of rows: entities, removed ones included.
func (s *Snapshot) Rows() int { return s.n }

// ID is the entity id of a row.
func (s *Snapshot) ID(row uint32) string { return s.ids[row] }

// Row returns the row of an entity; false when there is none.
func (s *Snapshot) Row(id string) (uint32, bool) {
	i := sort.Search(len(s.byID), func(i int) bool { return s.ids[s.byID[i]] >= id })
	if i == len(s.byID) || s.ids[s.byID[i]] != id || !s.there(s.byID[i]) {
		return 0, false
	}
	return s.byID[i], true
}

// liveRow is Row for live entities.
func (s *Snapshot) liveRow(id string) (uint32, bool) {
	row, ok := s.Row(id)
	return row, ok && s.live.Has(row)
}

// Live is the set of live entities; it must not be changed.
func (s *Snapshot) Live() Bits { return s.live }

// To is the graph of counting grants, source → target, one edge a pair.
func (s *Snapshot) To() *Adjacency { return s.to }

// From is To turned around.
func (s *Snapshot) From() *Adjacency { return s.from }

// Entity returns the entity of a row, whole; it is the caller's.
func (s *Snapshot) Entity(row uint32) *access.Entity {
	e := &access.Entity{
		ID: s.ids[row], Integration: s.plain[plainIntegration].text(row), Project: s.text[textProject].text(row),
		Type: access.EntityTypes[s.kind[row]], SourceID: s.text[textSourceID].text(row), SourceType: s.text[textSourceType].text(row),
		Name: s.text[textName].text(row), Username: s.text[textUsername].text(row), Email: s.text[textEmail].text(row),
		FirstName: s.plain[plainFirstName].text(row), LastName: s.plain[plainLastName].text(row),
		Status:    access.Status(s.enums[enumStatus].text(row)),
		LastLogin: s.time[timeLastLogin].at(row), LatestActivity: s.time[timeLatestActivity].at(row),
		LastPasswordChanged: s.time[timeLastPasswordChanged].at(row),
		MFA:                 access.Tristate(s.enums[enumMFA].text(row)), SuperAdmin: access.Tristate(s.enums[enumSuperAdmin].text(row)),
		Administrative: access.Tristate(s.enums[enumAdministrative].text(row)), External: access.Tristate(s.enums[enumExternal].text(row)),
		Locked: access.Tristate(s.enums[enumLocked].text(row)), ServiceAccount: access.Tristate(s.enums[enumServiceAccount].text(row)),
		ServiceAccountReason: s.plain[plainServiceAccountReason].text(row),
		Factors:              s.factors.texts(row), Metadata: s.plain[plainMetadata].text(row), Stub: s.stub.Has(row),
		FirstSeen: s.time[timeFirstSeen].at(row), RemovedAt: s.removedAt(row),
		Labels: s.labels.texts(row),
	}
	if i := s.insightsAt[row]; i >= 0 {
		e.Insights = slices.Clone(s.insights[i])
	}
	e.Mapping = s.mapped.ref(row)
	return e
}

// Reach appends to dst the rows that row reaches by counting grants through connections,
// itself excepted, in no order. It allocates nothing but what dst needs.
func (s *Snapshot) Reach(row uint32, dst []uint32) []uint32 {
	w := s.walker()
	defer s.done(w)
	return append(dst, w.reach(row, nil)...)
}

// ReachedBy appends to dst the rows that reach row, itself excepted, in no order.
func (s *Snapshot) ReachedBy(row uint32, dst []uint32) []uint32 {
	w := s.walker()
	defer s.done(w)
	for _, by := range w.reachedBy([]uint32{row}, nil, nil) {
		if by != row {
			dst = append(dst, by)
		}
	}
	return dst
}

// nameKey is the SortKey of the row's name.
func (s *Snapshot) nameKey(row uint32) string {
	c := s.text[textName]
	return c.key(c.codes.at(row))
}

// seek returns the first row that does not come before (nameKey, id) in the order of rows.
// A row that is the place itself is returned.
func (s *Snapshot) seek(nameKey, id string) uint32 {
	i := sort.Search(s.n, func(i int) bool {
		row := uint32(i) //nolint:gosec // an index
		own := s.nameKey(row)
		if own != nameKey {
			return own == "" || nameKey != "" && own > nameKey
		}
		return strings.Compare(s.ids[row], id) >= 0
	})
	return uint32(i) //nolint:gosec // an index
}
