package snapshot

import (
	"cmp"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// without returns the dictionary without the dropped codes (ascending) and with more
// values, and where the old codes are in it (nil: where they were). O(values + added).
func (d *dict) without(dropped []uint32, added []string) (out dict, recode []uint32) {
	if len(dropped) == 0 && len(added) == 0 {
		return *d, nil
	}
	type value struct{ fold, text string }
	fresh := make([]value, len(added))
	for i, v := range added {
		fresh[i] = value{access.Fold(v), v}
	}
	slices.SortFunc(fresh, func(a, b value) int {
		return cmp.Or(strings.Compare(a.fold, b.fold), strings.Compare(a.text, b.text))
	})
	n := d.values.len() - len(dropped) + len(fresh)
	values, folds := make([]string, 0, n), make([]string, 0, n)
	recode = make([]uint32, d.values.len())
	for i, text := range d.all {
		for len(fresh) > 0 && cmp.Or(strings.Compare(fresh[0].fold, d.folds.at(i)), strings.Compare(fresh[0].text, text)) < 0 {
			values, folds = append(values, fresh[0].text), append(folds, fresh[0].fold)
			fresh = fresh[1:]
		}
		if len(dropped) > 0 && dropped[0] == i {
			dropped = dropped[1:]
			recode[i] = none
			continue
		}
		recode[i] = uint32(len(values)) //nolint:gosec // an index
		values, folds = append(values, text), append(folds, d.folds.at(i))
	}
	for _, v := range fresh {
		values, folds = append(values, v.text), append(folds, v.fold)
	}
	return newDict(values, folds), recode
}

// dictChange finds out what a dictionary gains and loses: uses counts what codes lose and
// gain by the changed rows.
type dictChange struct {
	d     *dict
	delta map[uint32]int // by old code
	more  map[string]bool
}

func newDictChange(d *dict) *dictChange {
	return &dictChange{d: d, delta: map[uint32]int{}, more: map[string]bool{}}
}

func (c *dictChange) lose(code uint32) {
	if code != none {
		c.delta[code]--
	}
}

func (c *dictChange) gain(value string) {
	if value == "" {
		return
	}
	if code, ok := c.d.find(value); ok {
		c.delta[code]++
		return
	}
	c.more[value] = true
}

// apply returns the new dictionary; uses is how often an old code occurs (not asked when
// nothing was lost).
func (c *dictChange) apply(uses func(code uint32) int) (out dict, recode []uint32) {
	var dropped []uint32
	for code, delta := range c.delta {
		if delta < 0 && uses(code)+delta == 0 {
			dropped = append(dropped, code)
		}
	}
	slices.Sort(dropped)
	added := make([]string, 0, len(c.more))
	for v := range c.more {
		added = append(added, v)
	}
	return c.d.without(dropped, added)
}

// renewed is the column of the new rows, of which changed (ascending) have the fresh values.
func (c *column) renewed(r *renumbering, changed []uint32, fresh []string) *column {
	change := newDictChange(&c.dict)
	same := r.same
	for i, row := range changed {
		was := none
		if old := r.was[row]; old != none {
			was = c.codes.at(old)
		}
		same = same && c.value(was) == fresh[i]
		change.lose(was)
		change.gain(fresh[i])
	}
	if same {
		return c
	}
	coded := make([]uint32, r.n)
	d, recode := change.apply(c.uses)
	for row, old := range r.was {
		code := none
		if old != none {
			code = c.codes.at(old)
		}
		if code != none && recode != nil {
			code = recode[code]
		}
		coded[row] = code
	}
	for i, row := range changed {
		coded[row] = d.code(fresh[i])
	}
	return newColumn(d, coded)
}

// code is the code of a value that the dictionary has, none for the empty text.
func (d *dict) code(value string) uint32 {
	if value == "" {
		return none
	}
	code, ok := d.find(value)
	if !ok {
		panic("snapshot: a value is not in its dictionary")
	}
	return code
}

// renewedLists is renewed for a column of several values a row. Rows that the old snapshot
// has not are among the changed ones.
func (c *column) renewedLists(r *renumbering, changed []uint32, fresh [][]string) *column {
	change := newDictChange(&c.dict)
	same := r.same
	for i, row := range changed {
		var was []uint32
		if old := r.was[row]; old != none {
			was = c.list(old)
		}
		values := filled(fresh[i])
		same = same && slices.EqualFunc(was, values, func(code uint32, v string) bool { return c.value(code) == v })
		for _, code := range was {
			change.lose(code)
		}
		for _, v := range values {
			change.gain(v)
		}
	}
	if same {
		return c
	}
	many, offsets := make([]uint32, 0, len(c.many)), make([]uint32, 1, r.n+1)
	d, recode := change.apply(c.uses)
	for row, old := range r.was {
		switch {
		case len(changed) > 0 && changed[0] == uint32(row): //nolint:gosec // an index
			for _, v := range filled(fresh[0]) {
				many = append(many, d.code(v))
			}
			changed, fresh = changed[1:], fresh[1:]
		case recode == nil:
			many = append(many, c.list(old)...)
		default:
			for _, code := range c.list(old) {
				many = append(many, recode[code])
			}
		}
		offsets = append(offsets, uint32(len(many))) //nolint:gosec // fewer than 2^32 values
	}
	return newLists(d, many, offsets)
}

// filled leaves out empty texts.
func filled(list []string) []string {
	if !slices.Contains(list, "") {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == "" })
}
