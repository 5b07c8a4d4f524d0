package jobs

import (
	"context"
	"reflect"
	"time"
)

// live returns j with the progress that this process knows of, if it runs here.
func (m *Manager) live(j Job) Job {
	if t := m.task(j.ID); t != nil && t.mine(&j) {
		j.Progress = t.now()
	}
	return j
}

// Watch sends the job as it is now and again whenever it has changed; a slow receiver
// misses states in between, never the last. The channel is closed after a final state,
// when ctx is done, on Shutdown, or when the job cannot be read any more. Access is as
// for Get.
func (m *Manager) Watch(ctx context.Context, id string) (<-chan Job, error) {
	changed := m.subscribe(id)
	j, err := m.Get(ctx, id)
	if err != nil {
		m.unsubscribe(id, changed)
		return nil, err
	}
	out := make(chan Job)
	go func() {
		defer close(out)
		defer m.unsubscribe(id, changed)
		// The poll sees jobs that other servers run.
		poll := time.NewTicker(m.opt.Poll)
		defer poll.Stop()
		last := Job{}
		for {
			if !reflect.DeepEqual(j, last) {
				select {
				case out <- j:
				case <-ctx.Done():
					return
				case <-m.done:
					return
				}
				last = j
			}
			if j.State.Final() {
				return
			}
			select {
			case <-changed:
			case <-poll.C:
			case <-ctx.Done():
				return
			case <-m.done:
				return
			}
			next, err := m.Get(ctx, id)
			if err != nil {
				if ctx.Err() == nil {
					m.opt.Log.WarnContext(ctx, "stopped watching a job", "job", id, "error", err)
				}
				return
			}
			j = next
		}
	}()
	return out, nil
}

func (m *Manager) subscribe(id string) chan struct{} {
	c := make(chan struct{}, 1)
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.watchers[id] == nil {
		m.watchers[id] = map[chan struct{}]struct{}{}
	}
	m.watchers[id][c] = struct{}{}
	return c
}

func (m *Manager) unsubscribe(id string, c chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.watchers[id], c)
	if len(m.watchers[id]) == 0 {
		delete(m.watchers, id)
	}
}

// notify tells the watchers of this process to look again.
func (m *Manager) notify(id string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c := range m.watchers[id] {
		select {
		case c <- struct{}{}:
		default: // it will look anyway
		}
	}
}
