package snapshot

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Columns that are gathered from an old table and fresh grants are those that would be
// made of the same elements, whatever their form.
func TestGather(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.SampledFrom([]string{"", "a", "b", "B", "é", "scope"})
		moment := rapid.Custom(func(t *rapid.T) time.Time {
			n := rapid.Int64Range(0, 4).Draw(t, "moment")
			if n == 0 {
				return time.Time{}
			}
			return time.Unix(n, n%2*7).UTC()
		})
		n := rapid.IntRange(0, 30).Draw(t, "old")
		texts, moments := make([]string, n), make([]instant, n)
		alike := rapid.Bool().Draw(t, "alike")
		for i := range n {
			texts[i], moments[i] = text.Draw(t, "text"), instantOf(moment.Draw(t, "at"))
			if alike {
				texts[i], moments[i] = texts[0], moments[0]
			}
		}
		p := &grantPlan{}
		grants := make([]access.Grant, rapid.IntRange(0, 5).Draw(t, "fresh"))
		for i := range grants {
			grants[i].Metadata, grants[i].From = text.Draw(t, "text"), moment.Draw(t, "at")
			p.fresh = append(p.fresh, freshGrant{g: &grants[i]})
		}
		var wantTexts []string
		var wantTimes []time.Time
		for range rapid.IntRange(0, 40).Draw(t, "new") {
			if n+len(grants) == 0 {
				break
			}
			from := rapid.IntRange(0, n+len(grants)-1).Draw(t, "from")
			p.from = append(p.from, uint32(from)) //nolint:gosec // small
			if from < n {
				wantTexts, wantTimes = append(wantTexts, texts[from]), append(wantTimes, moments[from].time())
			} else {
				wantTexts, wantTimes = append(wantTexts, grants[from-n].Metadata), append(wantTimes, grants[from-n].From)
			}
		}
		old, times := packPlain(texts), packTimes(moments)
		got := old.gathered(p, func(g *access.Grant) string { return g.Metadata })
		at := times.gathered(p, func(g *access.Grant) time.Time { return g.From })
		for i := range p.from {
			require.Equal(t, wantTexts[i], got.text(uint32(i)))   //nolint:gosec // small
			require.True(t, wantTimes[i].Equal(at.at(uint32(i)))) //nolint:gosec // small
		}
	})
}

// Dictionaries lose and gain values in one pass.
func TestDictWithout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[aAbBéÉ]{1,3}`)
		b := newColumnBuilder()
		for _, v := range rapid.SliceOf(word).Draw(t, "values") {
			b.add(v)
		}
		d, _ := b.dictionary()
		var dropped []uint32
		want := newColumnBuilder()
		d.all(func(code uint32, v string) bool {
			if rapid.Bool().Draw(t, "dropped") {
				dropped = append(dropped, code)
			} else {
				want.add(v)
			}
			return true
		})
		var added []string
		for _, v := range rapid.SliceOf(word).Draw(t, "added") {
			if _, have := d.find(v); !have && !slices.Contains(added, v) {
				added = append(added, v)
				want.add(v)
			}
		}
		got, recode := d.without(dropped, added)
		wanted, _ := want.dictionary()
		require.Equal(t, wanted.values.list(), got.values.list())
		require.Equal(t, wanted.folds.list(), got.folds.list())
		d.all(func(code uint32, v string) bool {
			now := code
			if recode != nil {
				now = recode[code]
			}
			if slices.Contains(dropped, code) {
				require.Equal(t, none, now)
			} else {
				require.Equal(t, v, got.value(now))
			}
			return true
		})
	})
}

func TestDropUnused(t *testing.T) {
	b := newColumnBuilder()
	for i := range 3 * maxListed {
		b.add(fmt.Sprintf("v%05d", i))
	}
	d, recode := b.dictionary()
	var list []uint32
	for i := 0; i < 3*maxListed; i += 2 {
		list = append(list, recode[i], none)
	}
	c := packCodes(list)
	dropUnused(&d, &c)
	require.Equal(t, 3*maxListed/2, d.values.len())
	require.Equal(t, "v00002", d.value(c.at(2)))
	require.Equal(t, none, c.at(3))
}
