package snapshot

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// instant is a moment: seconds since 1970 and nanoseconds, which unlike a 64-bit count of
// nanoseconds covers every year a source may say.
type instant struct {
	sec  int64
	nsec uint32
}

const unknownTime = math.MinInt64

func instantOf(v time.Time) instant {
	if v.IsZero() {
		return instant{sec: unknownTime}
	}
	return instant{v.Unix(), uint32(v.Nanosecond())} //nolint:gosec // below 10^9
}

func (i instant) compare(o instant) int {
	return cmp.Or(cmp.Compare(i.sec, o.sec), cmp.Compare(i.nsec, o.nsec))
}

func (i instant) time() time.Time {
	if i.sec == unknownTime {
		return time.Time{}
	}
	return time.Unix(i.sec, int64(i.nsec)).UTC()
}

// times is a column of instants. Few that occur often, as the times of imports, are listed
// once, ascending, and elements hold their number.
type times struct {
	n     int
	coded bool
	codes codes
	sec   []int64  // of the instants listed, or of the elements
	nsec  []uint32 // nil = all 0
}

// packTimes makes a column of a list, which it does not keep.
func packTimes(list []instant) times {
	t := times{n: len(list)}
	number := map[instant]uint32{}
	var distinct []instant
	for _, v := range list {
		if v.sec == unknownTime {
			continue
		}
		if _, seen := number[v]; !seen {
			number[v] = 0
			// Many are shorter as they are.
			if distinct = append(distinct, v); len(distinct) > len(list)/4+16 {
				break
			}
		}
	}
	if len(distinct) > len(list)/4+16 {
		t.listed(list)
		return t
	}
	slices.SortFunc(distinct, instant.compare)
	for i, v := range distinct {
		number[v] = uint32(i) //nolint:gosec // an index
	}
	coded := make([]uint32, len(list))
	for i, v := range list {
		if coded[i] = none; v.sec != unknownTime {
			coded[i] = number[v]
		}
	}
	t.coded, t.codes = true, packCodes(coded)
	t.listed(distinct)
	return t
}

func (t *times) listed(list []instant) {
	t.sec = make([]int64, len(list))
	for i, v := range list {
		if t.sec[i] = v.sec; v.nsec != 0 && t.nsec == nil {
			t.nsec = make([]uint32, len(list))
		}
	}
	if t.nsec != nil {
		for i, v := range list {
			t.nsec[i] = v.nsec
		}
	}
}

func (t *times) instant(i uint32) instant {
	if t.coded {
		if i = t.codes.at(i); i == none {
			return instant{sec: unknownTime}
		}
	}
	v := instant{sec: t.sec[i]}
	if t.nsec != nil {
		v.nsec = t.nsec[i]
	}
	return v
}

func (t *times) at(i uint32) time.Time { return t.instant(i).time() }

func (t *times) missing(i uint32) bool {
	if t.coded {
		return t.codes.at(i) == none
	}
	return t.sec[i] == unknownTime
}

// compare orders two elements; those that are missing come first.
func (t *times) compare(i, j uint32) int { return t.instant(i).compare(t.instant(j)) }

// notAfter adds the elements that are known and not after v to out.
func (t *times) notAfter(v time.Time, out Bits) {
	limit := instant{v.Unix(), uint32(v.Nanosecond())} //nolint:gosec // below 10^9
	for i := range uint32(t.n) {                       //nolint:gosec // fewer than 2^32 elements
		if have := t.instant(i); have.sec != unknownTime && have.compare(limit) <= 0 {
			out.Set(i)
		}
	}
}

// list is the column as a list of its own.
func (t *times) list() []instant {
	out := make([]instant, t.n)
	for i := range out {
		out[i] = t.instant(uint32(i)) //nolint:gosec // an index
	}
	return out
}

func (t *times) bytes() int64 { return t.codes.bytes() + int64(8*len(t.sec)+4*len(t.nsec)) }
