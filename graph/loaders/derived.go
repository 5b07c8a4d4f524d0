package loaders

import (
	"sync"
	"time"

	"github.com/accessgraph/accessgraph/internal/discovery"
	"github.com/accessgraph/accessgraph/internal/query"
)

// family is all loaders that answer for one operation: of the present, of past moments,
// of simulations.
type family struct {
	mu      sync.Mutex
	all     []*Loaders
	moments map[time.Time]*Loaders
}

// At returns loaders that read as of a moment: the same for every field of the operation
// that asks for it. In a simulation, which is of the present, they refuse to read.
func (l *Loaders) At(at time.Time) *Loaders {
	if l.simulated {
		return l.derive(l.session.AsOf(at))
	}
	f := l.family
	f.mu.Lock()
	defer f.mu.Unlock()
	at = at.UTC()
	if have := f.moments[at]; have != nil {
		return have
	}
	d := l.derive(f.all[0].session.AsOf(at))
	f.moments[at] = d
	f.all = append(f.all, d)
	return d
}

// Over returns loaders that read from the session of a simulation.
func (l *Loaders) Over(s *discovery.Session) *Loaders {
	d := l.derive(s)
	d.simulated = true
	l.family.mu.Lock()
	defer l.family.mu.Unlock()
	l.family.all = append(l.family.all, d)
	return d
}

func (l *Loaders) derive(s *discovery.Session) *Loaders {
	d := New(s)
	d.family = l.family
	return d
}

// Infos says, for each state of the graph that was read, who answered; the present first.
func (l *Loaders) Infos() []query.Info {
	l.family.mu.Lock()
	defer l.family.mu.Unlock()
	var out []query.Info
	for _, one := range l.family.all {
		if info, touched := one.session.Info(); touched {
			out = append(out, info)
		}
	}
	return out
}
