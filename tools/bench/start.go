package main

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// start opens the store of the largest graph as a new process would, with the snapshot
// that the last one saved beside it, and without.
func (b *scale) start() error {
	name := b.largest()
	g, err := b.graph(name)
	if err != nil {
		return err
	}
	folder, remove, err := g.scratchStore(b.ctx, b.s.log)
	if err != nil {
		return err
	}
	defer remove()
	// open is all that a process does before it can answer.
	open := func(options ...snapshot.Option) (*snapshot.Engine, *embedded.Store, time.Duration, error) {
		begin := time.Now()
		st, err := embedded.Open(b.ctx, folder, embedded.Options{})
		if err != nil {
			return nil, nil, 0, err
		}
		engine := snapshot.NewEngine(st, options...)
		if err := engine.Refresh(b.ctx); err != nil {
			return nil, nil, 0, errors.Join(err, st.Close())
		}
		return engine, st, time.Since(begin), nil
	}
	engine, st, _, err := open(snapshot.WithFolder(folder, true))
	if err != nil {
		return err
	}
	if err := errors.Join(engine.Close(), st.Close()); err != nil { // it is saved, if it was not
		return err
	}
	compared := false
	opened := func(name string, saved bool, options ...snapshot.Option) contender {
		return contender{name, func(context.Context) (time.Duration, error) {
			engine, st, took, err := open(options...)
			if err != nil {
				return 0, err
			}
			if r := engine.Renewals(); (r.Loaded == 0) != saved {
				err = fmt.Errorf("the snapshot was loaded %d times and followed %d", r.Loaded, r.Followed)
			}
			if err == nil && saved && !compared {
				compared = true
				err = b.sameSnapshots(g, engine.Current(), g.snapshot(), difference{}, false)
			}
			err = errors.Join(err, engine.Close(), st.Close())
			engine = nil //nolint:ineffassign,wastedassign // before the collection
			debug.FreeOSMemory()
			return took, err
		}}
	}
	times, err := b.race(0, min(b.s.ScaleRounds, 3), opened("from the saved snapshot", true, snapshot.WithFolder(folder, false)), opened("built from SQLite", false))
	if err != nil {
		return err
	}
	b.s.log("start: saved %s, built %s", duration(times[0].median()), duration(times[1].median()))
	b.res.add(comparison{
		Part: partStart, Size: g.Name, Name: "start from the saved snapshot vs building it from SQLite, " + g.Name, Ours: times[0], Peer: times[1], Cost: true, Goal: 0.1,
		Detail: fmt.Sprintf("%s; from opening the store until it can answer", g.describe()),
	})
	return nil
}
