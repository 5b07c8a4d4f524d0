package snapshot

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"

	"github.com/accessgraph/accessgraph/internal/filter"
)

// answers keeps the sets of rows that pass filter nodes which were dear to find out, the
// least recently used leaving first when the budget of memory is used up.
type answers struct {
	lock  sync.Mutex
	sets  *simplelru.LRU[string, Bits] // nil until the first
	bytes int64
	less  int64 // taken off the budget
}

// answerBudget is how many bytes of sets a snapshot keeps.
const answerBudget = 64 << 20

func answerBytes(key string, set Bits) int64 { return int64(len(key) + 8*len(set) + 128) }

// get returns a copy of what was kept.
func (a *answers) get(key []byte) (Bits, bool) {
	a.lock.Lock()
	defer a.lock.Unlock()
	if a.sets == nil {
		return nil, false
	}
	set, ok := a.sets.Get(string(key))
	if !ok {
		return nil, false
	}
	return set.Clone(), true
}

// put keeps a copy.
func (a *answers) put(key []byte, set Bits) {
	k := string(key)
	size := answerBytes(k, set)
	a.lock.Lock()
	defer a.lock.Unlock()
	budget := answerBudget - a.less
	if a.sets == nil {
		// Bytes bound it, not the number of sets.
		a.sets, _ = simplelru.NewLRU(1<<30, func(key string, set Bits) { a.bytes -= answerBytes(key, set) })
	}
	if size > budget || a.sets.Contains(k) {
		return
	}
	for a.bytes+size > budget {
		a.sets.RemoveOldest()
	}
	a.sets.Add(k, set.Clone())
	a.bytes += size
}

// kept reports whether the answer to a node is worth keeping: those that walk the graph
// and those that look at every text.
func kept(n filter.Node) bool {
	switch n := n.(type) {
	case filter.Related, filter.People:
		return true
	case filter.Text:
		return n.Attr == filter.AttrPermission || n.Match.Contains != nil || n.Match.EndsWith != nil
	}
	return false
}

// held is how many bytes are kept.
func (a *answers) held() int64 {
	a.lock.Lock()
	defer a.lock.Unlock()
	return a.bytes
}
