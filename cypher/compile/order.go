package compile

import (
	"strings"
	"time"
)

// SortKey is a property that a list is ordered by. Text properties must hold ASCII, which
// the server orders as Go does; missing values come last in both directions.
type SortKey struct {
	Property string
	Time     bool
	Desc     bool
}

// ByName orders by the name's key.
var ByName = []SortKey{{Property: "nameKey"}}

// Position is the place of an item: a string or time.Time for each sort key ("" and the
// zero time are missing values), then its id.
type Position struct {
	Values []any
	ID     string
}

// What stands for a missing value, so that it sorts last. '~' is above every character of
// keys and enum texts.
const (
	aboveText = "~"
	belowText = ""
)

var (
	aboveTime = time.Date(9999, 12, 31, 23, 59, 59, 999_999_999, time.UTC)
	belowTime = time.Date(1, 1, 1, 0, 0, 0, 1, time.UTC)
)

// value is what stands for v in comparisons.
func (k SortKey) value(v any) any {
	if t, ok := v.(time.Time); (ok && t.IsZero()) || v == "" {
		return k.missing()
	}
	return v
}

// ordering writes the total order of keys, then id, over variable v.
type ordering struct {
	c     *Compiler
	v     string
	keys  []SortKey
	exprs []string
}

func (c *Compiler) ordering(v string, keys []SortKey) ordering {
	o := ordering{c: c, v: v, keys: keys}
	for _, k := range keys {
		prop := v + "." + k.Property
		switch {
		case k.Time:
			o.exprs = append(o.exprs, "coalesce("+prop+", "+c.Param(k.missing())+")")
		case k.Desc:
			o.exprs = append(o.exprs, "coalesce("+prop+", '"+belowText+"')")
		default: // a missing text may be stored as an empty one
			o.exprs = append(o.exprs, "CASE WHEN "+prop+" > '' THEN "+prop+" ELSE '"+aboveText+"' END")
		}
	}
	return o
}

func (k SortKey) missing() any {
	switch {
	case k.Time && k.Desc:
		return belowTime
	case k.Time:
		return aboveTime
	case k.Desc:
		return belowText
	}
	return aboveText
}

// by writes what follows ORDER BY.
func (o ordering) by(backwards bool) string {
	parts := make([]string, 0, len(o.keys)+1)
	for i, k := range o.keys {
		if k == ByName[0] { // is always there, but may be empty; a second criterion is cheaper than a CASE
			name := o.v + "." + k.Property
			parts = append(parts, name+" = ''"+direction(backwards), name+direction(backwards))
			continue
		}
		parts = append(parts, o.exprs[i]+direction(k.Desc != backwards))
	}
	return strings.Join(append(parts, o.v+".id"+direction(backwards)), ", ")
}

func direction(desc bool) string {
	if desc {
		return " DESC"
	}
	return ""
}

// beyond writes the condition that an item comes after p, or before it.
func (o ordering) beyond(p Position, before bool) string {
	compare := func(desc bool) string {
		if desc != before {
			return " < "
		}
		return " > "
	}
	text := o.v + ".id" + compare(false) + o.c.Param(p.ID)
	for i := len(o.keys) - 1; i >= 0; i-- {
		k := o.keys[i]
		at := o.c.Param(k.value(p.Values[i]))
		text = "(" + o.exprs[i] + compare(k.Desc) + at + " OR (" + o.exprs[i] + " = " + at + " AND " + text + "))"
	}
	return text
}
