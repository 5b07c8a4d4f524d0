package snapshot

import (
	"container/heap"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/query"
)

// place is a cursor's place in a list, nil when there is no cursor.
type place struct {
	values []placeValue
	id     string
}

// placeValue is the value of one criterion: a fold (or enum text), or a time.
type placeValue struct {
	missing bool
	text    string
	sec     int64
	nsec    uint32
}

// bounds are the cursors of a page.
type bounds struct{ after, before *place }

func (s *Snapshot) bounds(order []query.Order, p query.Page) (b bounds, err error) {
	if p.After != "" {
		if b.after, err = s.place("after", p.After, order); err != nil {
			return b, err
		}
	}
	if p.Before != "" {
		b.before, err = s.place("before", p.Before, order)
	}
	return b, err
}

func (s *Snapshot) place(path, cursor string, order []query.Order) (*place, error) {
	position, err := query.DecodeEntityCursor(path, cursor, order)
	if err != nil {
		return nil, err
	}
	p := &place{id: position.ID, values: make([]placeValue, len(order))}
	for i, v := range position.Values {
		pv := placeValue{missing: v.Missing(), text: v.Text, sec: v.Time.Unix(), nsec: uint32(v.Time.Nanosecond())} //nolint:gosec // below 10^9
		if f := order[i].Field; f == query.ByName || f == query.BySourceType {
			// Folds compare as their sort keys do, and need not be computed for each row.
			fold, err := hex.DecodeString(v.Text)
			if err != nil {
				return nil, access.Invalid(path, "not a cursor of this list")
			}
			pv.text = string(fold)
		}
		p.values[i] = pv
	}
	return p, nil
}

// position is query.PositionOf of the row's entity, without folding anything.
func (s *Snapshot) position(row uint32, order []query.Order) query.EntityPosition {
	p := query.EntityPosition{ID: s.ids[row], Values: make([]query.OrderValue, len(order))}
	for i, by := range order {
		switch by.Field {
		case query.ByName:
			p.Values[i].Text = s.nameKey(row)
		case query.BySourceType:
			c := s.text[textSourceType]
			p.Values[i].Text = c.key(c.codes.at(row))
		case query.ByType:
			p.Values[i].Text = s.enums[enumType].text(row)
		case query.ByStatus:
			p.Values[i].Text = s.enums[enumStatus].text(row)
		case query.ByLastLogin:
			p.Values[i].Time = s.time[timeLastLogin].at(row)
		}
	}
	return p
}

// rowOrder is the total order of an entity list over rows.
type rowOrder struct {
	s     *Snapshot
	order []query.Order
	keys  [][]uint32 // by criterion; nil when it is only compared with places
}

// byKeys is the order with what compare needs.
func (s *Snapshot) byKeys(order []query.Order) rowOrder {
	o := rowOrder{s: s, order: order, keys: make([][]uint32, len(order))}
	for i, by := range order {
		o.keys[i] = s.keys(by.Field)
	}
	return o
}

func (o *rowOrder) text(f query.OrderField, row uint32) (v string, missing bool) {
	switch f {
	case query.ByName:
		c := o.s.text[textName]
		return c.fold(c.codes.at(row)), c.codes.at(row) == none
	case query.BySourceType:
		c := o.s.text[textSourceType]
		return c.fold(c.codes.at(row)), c.codes.at(row) == none
	case query.ByType:
		return o.s.enums[enumType].text(row), false
	}
	return o.s.enums[enumStatus].text(row), false
}

// compare orders two rows.
func (o *rowOrder) compare(x, y uint32) int {
	for i, keys := range o.keys {
		switch kx, ky := keys[x], keys[y]; {
		case kx == ky:
		case kx == none:
			return 1
		case ky == none:
			return -1
		case (kx < ky) != o.order[i].Desc:
			return -1
		default:
			return 1
		}
	}
	return int(o.s.idPos[x]) - int(o.s.idPos[y])
}

// against returns how rows are compared with a place: by their keys where the row that it
// was the place of is still there.
func (o *rowOrder) against(p *place) func(row uint32) int {
	if own, ok := o.s.Row(p.id); ok && o.comparePlace(own, p) == 0 {
		return func(row uint32) int { return o.compare(row, own) }
	}
	return func(row uint32) int { return o.comparePlace(row, p) }
}

// comparePlace orders a row against a place.
func (o *rowOrder) comparePlace(row uint32, p *place) int {
	for i, by := range o.order {
		want := p.values[i]
		c := 0
		var missing bool
		if by.Field == query.ByLastLogin {
			t := &o.s.time[timeLastLogin]
			if missing = t.missing(row); !missing && !want.missing {
				c = t.instant(row).compare(instant{want.sec, want.nsec})
			}
		} else {
			var text string
			text, missing = o.text(by.Field, row)
			c = strings.Compare(text, want.text)
		}
		switch {
		case missing && want.missing:
			continue
		case missing:
			return 1
		case want.missing:
			return -1
		case c != 0 && by.Desc:
			return -c
		case c != 0:
			return c
		}
	}
	return strings.Compare(o.s.ids[row], p.id)
}

// window is how many items a page takes, and from which end.
func window(p query.Page) (n int, last bool) {
	switch {
	case p.Last > 0:
		return p.Last, true
	case p.First > 0:
		return p.First, false
	}
	return query.DefaultFirst, false
}

// page cuts a page out of a set of rows.
func (s *Snapshot) page(rows Bits, order []query.Order, p query.Page, b bounds) ([]uint32, query.PageInfo) {
	total := rows.Count()
	n, last := window(p)
	if len(order) == 1 && order[0] == query.DefaultOrder[0] {
		return s.pageByName(rows, &rowOrder{s: s, order: order}, n, last, p.WithTotal, total, b)
	}
	o := s.byKeys(order)
	var cmpAfter, cmpBefore func(row uint32) int
	if b.after != nil {
		cmpAfter = o.against(b.after)
	}
	if b.before != nil {
		cmpBefore = o.against(b.before)
	}
	// One pass keeps the n best between the cursors in a heap: no need to sort the rest.
	top := &topRows{less: func(x, y uint32) bool { return o.compare(x, y) > 0 }}
	if last {
		top.less = func(x, y uint32) bool { return o.compare(x, y) < 0 }
	}
	before, after, inside := 0, 0, 0
	for row := range rows.Rows {
		if cmpAfter != nil && cmpAfter(row) <= 0 {
			before++
			continue
		}
		if cmpBefore != nil && cmpBefore(row) >= 0 {
			after++
			continue
		}
		inside++
		if len(top.rows) < n {
			heap.Push(top, row)
		} else if top.less(top.rows[0], row) {
			top.rows[0] = row
			heap.Fix(top, 0)
		}
	}
	slices.SortFunc(top.rows, o.compare)
	rest := inside - len(top.rows)
	info := query.PageInfo{Total: -1, HasPrevious: before > 0 || last && rest > 0, HasNext: after > 0 || !last && rest > 0}
	if p.WithTotal {
		info.Total = total
	}
	return top.rows, info
}

// pageByName is page for the order in which rows are numbered: it only counts and skips.
func (s *Snapshot) pageByName(rows Bits, o *rowOrder, n int, last, withTotal bool, total int, b bounds) ([]uint32, query.PageInfo) {
	// Places in the sorted list: [from, to) lies between the cursors.
	from, to := 0, total
	locate := func(p *place, past bool) int {
		// The first row that comes after the place (or is it, unless past).
		lo, hi := 0, s.n
		for lo < hi {
			mid := (lo + hi) / 2
			if c := o.comparePlace(uint32(mid), p); c < 0 || past && c == 0 { //nolint:gosec // below the number of rows
				lo = mid + 1
			} else {
				hi = mid
			}
		}
		if lo == s.n {
			return total
		}
		return rows.CountBelow(uint32(lo)) //nolint:gosec // below the number of rows
	}
	if b.after != nil {
		from = locate(b.after, true)
	}
	if b.before != nil {
		to = max(from, locate(b.before, false))
	}
	if last {
		from = max(from, to-n)
	} else {
		to = min(to, from+n)
	}
	info := query.PageInfo{Total: -1, HasPrevious: from > 0, HasNext: to < total}
	if withTotal {
		info.Total = total
	}
	return rows.slice(from, to), info
}

// topRows is a heap whose root is the worst row kept.
type topRows struct {
	rows []uint32
	less func(x, y uint32) bool
}

func (t *topRows) Len() int           { return len(t.rows) }
func (t *topRows) Less(i, j int) bool { return t.less(t.rows[i], t.rows[j]) }
func (t *topRows) Swap(i, j int)      { t.rows[i], t.rows[j] = t.rows[j], t.rows[i] }
func (t *topRows) Push(x any)         { t.rows = append(t.rows, x.(uint32)) } //nolint:forcetypeassert // holds nothing else
func (t *topRows) Pop() any {
	row := t.rows[len(t.rows)-1]
	t.rows = t.rows[:len(t.rows)-1]
	return row
}
