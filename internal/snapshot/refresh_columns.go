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
	n := len(d.values) - len(dropped) + len(fresh)
	out = dict{values: make([]string, 0, n), folds: make([]string, 0, n)}
	recode = make([]uint32, len(d.values))
	for i, text := range d.values {
		for len(fresh) > 0 && cmp.Or(strings.Compare(fresh[0].fold, d.folds[i]), strings.Compare(fresh[0].text, text)) < 0 {
			out.values, out.folds = append(out.values, fresh[0].text), append(out.folds, fresh[0].fold)
			fresh = fresh[1:]
		}
		if len(dropped) > 0 && dropped[0] == uint32(i) { //nolint:gosec // an index
			dropped = dropped[1:]
			recode[i] = none
			continue
		}
		recode[i] = uint32(len(out.values)) //nolint:gosec // an index
		out.values, out.folds = append(out.values, text), append(out.folds, d.folds[i])
	}
	for _, v := range fresh {
		out.values, out.folds = append(out.values, v.text), append(out.folds, v.fold)
	}
	return out, recode
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
			was = c.codes[old]
		}
		same = same && c.value(was) == fresh[i]
		change.lose(was)
		change.gain(fresh[i])
	}
	if same {
		return c
	}
	out := &column{codes: make([]uint32, r.n)}
	var recode []uint32
	out.dict, recode = change.apply(func(code uint32) int { return len(c.with(code)) })
	for row, old := range r.was {
		code := none
		if old != none {
			code = c.codes[old]
		}
		if code != none && recode != nil {
			code = recode[code]
		}
		out.codes[row] = code
	}
	for i, row := range changed {
		out.codes[row] = out.code(fresh[i])
	}
	out.invert(r.n)
	return out
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
	out := &column{codes: make([]uint32, 0, len(c.codes)), offsets: make([]uint32, 1, r.n+1)}
	var recode []uint32
	out.dict, recode = change.apply(func(code uint32) int { return len(c.with(code)) })
	for row, old := range r.was {
		switch {
		case len(changed) > 0 && changed[0] == uint32(row): //nolint:gosec // an index
			for _, v := range filled(fresh[0]) {
				out.codes = append(out.codes, out.code(v))
			}
			changed, fresh = changed[1:], fresh[1:]
		case recode == nil:
			out.codes = append(out.codes, c.list(old)...)
		default:
			for _, code := range c.list(old) {
				out.codes = append(out.codes, recode[code])
			}
		}
		out.offsets = append(out.offsets, uint32(len(out.codes))) //nolint:gosec // fewer than 2^32 values
	}
	out.invert(r.n)
	return out
}

// filled leaves out empty texts.
func filled(list []string) []string {
	if !slices.Contains(list, "") {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), func(v string) bool { return v == "" })
}
