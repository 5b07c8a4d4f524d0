package snapshot

import (
	"math"
	"time"
)

// times is a column of instants: seconds since 1970 and nanoseconds, which unlike a
// 64-bit count of nanoseconds covers every year a source may say.
type times struct {
	sec  []int64
	nsec []uint32
}

const unknownTime = math.MinInt64

func (t *times) add(v time.Time) {
	if v.IsZero() {
		t.sec, t.nsec = append(t.sec, unknownTime), append(t.nsec, 0)
		return
	}
	t.sec, t.nsec = append(t.sec, v.Unix()), append(t.nsec, uint32(v.Nanosecond())) //nolint:gosec // below 10^9
}

func (t *times) at(i uint32) time.Time {
	if t.sec[i] == unknownTime {
		return time.Time{}
	}
	return time.Unix(t.sec[i], int64(t.nsec[i])).UTC()
}

func (t *times) missing(i uint32) bool { return t.sec[i] == unknownTime }

// order permutes the column: element i becomes what arrival[i] was.
func (t *times) order(arrival []uint32) {
	sec, nsec := make([]int64, len(arrival)), make([]uint32, len(arrival))
	for i, a := range arrival {
		sec[i], nsec[i] = t.sec[a], t.nsec[a]
	}
	t.sec, t.nsec = sec, nsec
}

// compare orders two elements, neither missing.
func (t *times) compare(i, j uint32) int {
	switch {
	case t.sec[i] != t.sec[j]:
		if t.sec[i] < t.sec[j] {
			return -1
		}
		return 1
	case t.nsec[i] != t.nsec[j]:
		if t.nsec[i] < t.nsec[j] {
			return -1
		}
		return 1
	}
	return 0
}

// notAfter adds the elements that are known and not after v to out.
func (t *times) notAfter(v time.Time, out Bits) {
	sec, nsec := v.Unix(), uint32(v.Nanosecond()) //nolint:gosec // below 10^9
	for i, s := range t.sec {
		if s != unknownTime && (s < sec || s == sec && t.nsec[i] <= nsec) {
			out.Set(uint32(i)) //nolint:gosec // an index
		}
	}
}
