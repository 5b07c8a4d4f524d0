package snapshot

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// Build loads a snapshot of the whole graph. It streams: beside the snapshot itself
// only dictionaries are kept. Cancelling ctx stops it.
func Build(ctx context.Context, v store.GraphView) (*Snapshot, error) {
	s, _, err := build(ctx, v, false)
	return s, err
}

// build is Build. With drifting, the view may be of several versions (store.Scanner): what
// does not fit together is left out, and whole says whether the changes since the view's
// version bring it all back.
func build(ctx context.Context, v store.GraphView, drifting bool) (s *Snapshot, whole bool, err error) {
	b := &builder{arrivalOf: map[string]uint32{}, intern: map[string]string{}, s: &Snapshot{version: v.Version()}, drifting: drifting}
	if err := b.load(ctx, v); err != nil {
		return nil, false, err
	}
	return b.s, !b.lost, ctx.Err()
}

func (b *builder) load(ctx context.Context, v store.GraphView) error {
	if err := b.loadDirectory(ctx, v); err != nil {
		return err
	}
	if err := b.loadEntities(ctx, v); err != nil {
		return err
	}
	live, ended := newGrantBuilder(), newGrantBuilder()
	if err := b.loadGrants(ctx, v, live, ended); err != nil {
		return err
	}
	return b.finish(ctx, live, ended)
}

type builder struct {
	s *Snapshot

	arrivalOf map[string]uint32 // entity id → arrival
	intern    map[string]string
	removed   []bool // by arrival
	stub      []bool
	text      [textFields]*columnBuilder
	plain     [plainFields][]string
	time      [timeFields][]instant
	mapped    [mappedFields][]string
	mappedAt  []instant
	factors   *columnBuilder
	labels    *columnBuilder
	names     *columnBuilder   // of insights
	person    map[string]int32 // by id

	drifting bool
	lost     bool // history was left out, which changes do not bring back
}

func (b *builder) loadDirectory(ctx context.Context, v store.GraphView) error {
	list, err := v.Integrations(ctx)
	if err != nil {
		return err
	}
	b.s.integrations = integrationNames(list)
	var all []*access.Employee
	for e, err := range v.Employees(ctx) {
		if err != nil {
			return err
		}
		all = append(all, e)
	}
	slices.SortFunc(all, func(x, y *access.Employee) int { return strings.Compare(x.ID, y.ID) })
	b.person = make(map[string]int32, len(all))
	for i, e := range all {
		b.person[e.ID] = int32(i) //nolint:gosec // an index
	}
	b.s.people = newPeople(all)
	return nil
}

func (b *builder) loadEntities(ctx context.Context, v store.GraphView) error {
	for f := range b.text {
		b.text[f] = newColumnBuilder()
	}
	b.factors, b.labels, b.names = newColumnBuilder(), newColumnBuilder(), newColumnBuilder()
	s := b.s
	newEnums(s)
	for e, err := range v.Entities(ctx, "", true) {
		if err != nil {
			return err
		}
		if len(s.ids)&0xfff == 0 {
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if err := b.addEntity(e); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) addEntity(e *access.Entity) error {
	s := b.s
	kind := slices.Index(access.EntityTypes, e.Type)
	if kind < 0 {
		return access.Errorf(access.CodeInternal, "entity %s has the unknown type %q", e.ID, e.Type)
	}
	if _, twice := b.arrivalOf[e.ID]; twice {
		if b.drifting { // it was removed, or came back, between two looks; changes tell
			return nil
		}
		return access.Errorf(access.CodeInternal, "the store lists entity %s twice", e.ID)
	}
	b.arrivalOf[e.ID] = uint32(len(s.ids)) //nolint:gosec // fewer than 2^32 entities
	s.ids = append(s.ids, e.ID)
	s.kind = append(s.kind, uint8(kind)) //nolint:gosec // below 3
	b.removed, b.stub = append(b.removed, e.Removed()), append(b.stub, e.Stub)

	for f, v := range textsOf(e, s.integrations) {
		b.text[f].add(v)
	}
	for f, v := range plainOf(e) {
		b.plain[f] = append(b.plain[f], b.once(v))
	}
	for f, v := range enumsOf(e) {
		s.enums[f].add(v)
	}
	for f, v := range timesOf(e) {
		b.time[f] = append(b.time[f], instantOf(v))
	}
	b.factors.addAll(e.Factors)
	b.labels.addAll(e.Labels)
	b.names.addAll(namesOfInsights(e))
	index := int32(-1)
	if len(e.Insights) > 0 {
		index = int32(len(s.insights)) //nolint:gosec // fewer than 2^31
		s.insights = append(s.insights, slices.Clone(e.Insights))
	}
	s.insightsAt = append(s.insightsAt, index)
	text, at := mappedOf(e)
	for f, v := range text {
		b.mapped[f] = append(b.mapped[f], b.once(v))
	}
	b.mappedAt = append(b.mappedAt, instantOf(at))
	person := int32(-1)
	if p, ok := b.person[text[mappedEmployee]]; ok {
		person = p
	}
	s.employeeAt = append(s.employeeAt, person)
	return nil
}

// once returns an equal text that is kept once.
func (b *builder) once(v string) string {
	if kept, ok := b.intern[v]; ok {
		return kept
	}
	if len(b.intern) < maxInterned {
		b.intern[v] = v
	}
	return v
}

func (b *builder) loadGrants(ctx context.Context, v store.GraphView, live, ended *grantBuilder) error {
	n := 0
	for g, err := range v.Grants(ctx, "") {
		if err != nil {
			return err
		}
		if n++; n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		source, okSource := b.arrivalOf[g.Source]
		target, okTarget := b.arrivalOf[g.Target]
		if !okSource || !okTarget || b.removed[source] || b.removed[target] {
			if b.drifting { // an end or the grant is newer than what was read of the other
				continue
			}
			return access.Errorf(access.CodeInternal, "the store holds a live grant %s → %s of an entity that does not exist or is removed", g.Source, g.Target)
		}
		live.add(source, target, &g)
	}
	for g, err := range v.History(ctx, "") {
		if err != nil {
			return err
		}
		if n++; n&0xfff == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		source, okSource := b.arrivalOf[g.Source]
		target, okTarget := b.arrivalOf[g.Target]
		if !okSource || !okTarget {
			if b.drifting {
				b.lost = true
				continue
			}
			return access.Errorf(access.CodeInternal, "the store holds an ended grant %s → %s of an unknown entity", g.Source, g.Target)
		}
		ended.add(source, target, &g)
	}
	return nil
}

// finish numbers the rows and turns everything into its final order, on all cores.
func (b *builder) finish(ctx context.Context, live, ended *grantBuilder) error {
	s := b.s
	s.n = len(s.ids)
	arrival := b.number()
	rowOf := make([]uint32, s.n)
	for row, a := range arrival {
		rowOf[a] = uint32(row) //nolint:gosec // an index
	}
	var work []func()
	for f := range b.text {
		work = append(work, func() { s.text[f] = b.text[f].single(arrival) })
	}
	for f := range s.plain {
		work = append(work, func() { s.plain[f] = packPlain(permute(b.plain[f], arrival)) })
	}
	for f := range s.time {
		work = append(work, func() { s.time[f] = packTimes(permute(b.time[f], arrival)) })
	}
	for f := range s.mapped.text {
		work = append(work, func() { s.mapped.text[f] = packPlain(permute(b.mapped[f], arrival)) })
	}
	for f := range s.enums {
		work = append(work, func() { s.enums[f].order(arrival) })
	}
	work = append(work,
		func() { s.factors = b.factors.multi(arrival) },
		func() { s.labels = b.labels.multi(arrival) },
		func() { s.insightNames = b.names.multi(arrival) },
		func() {
			s.insightsAt = permute(s.insightsAt, arrival)
			s.employeeAt = permute(s.employeeAt, arrival)
			s.mapped.at = packTimes(permute(b.mappedAt, arrival))
		},
		func() { s.grants = live.finish(rowOf, s.n) },
		func() { s.ended = ended.finish(rowOf, s.n) },
	)
	ids := packTexts(permute(s.ids, arrival))
	s.ids, s.kind = ids.list(), permute(s.kind, arrival)
	s.live, s.stub = NewBits(s.n), NewBits(s.n)
	for row, a := range arrival {
		if !b.removed[a] {
			s.live.Set(uint32(row)) //nolint:gosec // an index
		}
		if b.stub[a] {
			s.stub.Set(uint32(row)) //nolint:gosec // an index
		}
	}
	work = append(work, s.orderIDs)
	// Between the pieces of work it is looked whether anybody still wants the snapshot.
	for i, piece := range work {
		work[i] = func() {
			if ctx.Err() == nil {
				piece()
			}
		}
	}
	parallel(work)
	if err := ctx.Err(); err != nil {
		return err
	}
	s.connect()
	return ctx.Err()
}

// orderIDs makes what finds rows by id.
func (s *Snapshot) orderIDs() {
	s.byID = make([]uint32, s.n)
	for i := range s.byID {
		s.byID[i] = uint32(i) //nolint:gosec // an index
	}
	slices.SortFunc(s.byID, func(x, y uint32) int { return strings.Compare(s.ids[x], s.ids[y]) })
	s.idPos = make([]uint32, s.n)
	for i, row := range s.byID {
		s.idPos[row] = uint32(i) //nolint:gosec // an index
	}
}

// number returns the arrivals in the order of rows: SortKey of the name, missing last, then id.
func (b *builder) number() []uint32 {
	names := b.text[textName]
	folds := make([]string, len(names.values))
	for i, v := range names.values {
		folds[i] = access.Fold(v)
	}
	arrival := make([]uint32, len(b.s.ids))
	for i := range arrival {
		arrival[i] = uint32(i) //nolint:gosec // an index
	}
	slices.SortFunc(arrival, func(x, y uint32) int {
		cx, cy := names.codes[x], names.codes[y]
		switch {
		case cx == cy:
		case cx == none:
			return 1
		case cy == none:
			return -1
		default:
			if c := strings.Compare(folds[cx], folds[cy]); c != 0 {
				return c
			}
		}
		return strings.Compare(b.s.ids[x], b.s.ids[y])
	})
	return arrival
}

// connect derives what traversal needs from the grants.
func (s *Snapshot) connect() {
	types := s.enums[enumType]
	for i := range s.types {
		s.types[i] = types.bits(i)
	}
	s.to = s.grants.pairs(s.n)
	s.cache = newShowCache(s.n)
	parallel([]func(){
		func() {
			s.bundles = newBundles(s.grants, s.to)
			s.from = s.to.reverse()
		},
		func() { s.topology = newTopology(s.kind, s.to) },
	})
	s.loops = s.findLoops()
}

// The kinds: indices into access.EntityTypes.
const (
	kindConnection = iota
	kindIdentity
	kindResource
)

// parallel runs independent pieces of work on all cores.
func parallel(work []func()) {
	var next sync.WaitGroup
	slots := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, f := range work {
		slots <- struct{}{}
		next.Go(func() { defer func() { <-slots }(); f() })
	}
	next.Wait()
}
