package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/snapshot"
	"github.com/accessgraph/accessgraph/internal/store"
	"github.com/accessgraph/accessgraph/internal/store/embedded"
)

// changes are the model as changes of one commit, in the order of keys within each
// source. Stores are filled by a commit and not by an import: the import is measured by
// itself, and a file of ten million rows would be 2 GB of CSV.
func (m *model) changes(ids []string, staff bool) iter.Seq2[store.Change, error] {
	return func(yield func(store.Change, error) bool) {
		emit := func(c store.Change) bool { return yield(c, nil) }
		if !emit(store.Change{PutApplication: &access.Application{ID: access.ApplicationID(application), Name: application}}) ||
			!emit(store.Change{PutIntegration: &access.Integration{
				ID: access.IntegrationID(integration), Key: integration, Name: integration, Application: application,
				Extraction: access.FileUpload, Status: access.IntegrationConnected, CreatedAt: now, LastSync: now,
			}}) {
			return
		}
		for n := range uint32(m.entities()) { //nolint:gosec // fewer than 2^32
			if !emit(store.Change{PutEntity: m.entity(n, ids[n])}) {
				return
			}
		}
		for _, i := range m.byTarget() {
			g := access.Grant{Source: ids[m.from[i]], Target: ids[m.to[i]], Permission: modelPermissions[m.permit[i]], Value: "true", Counts: m.gives[i], From: now}
			if !g.Counts {
				g.Value = "false"
			}
			if !emit(store.Change{PutGrant: &g}) {
				return
			}
		}
		if staff {
			m.staff(ids, emit)
		}
	}
}

// changeCount is how many changes that is.
func (m *model) changeCount(staff bool) int64 {
	n := int64(2 + m.entities() + m.grants())
	if staff {
		m.staff(make([]string, m.entities()), func(store.Change) bool { n++; return true })
	}
	return n
}

func (m *model) entity(n uint32, id string) *access.Entity {
	e := &access.Entity{
		ID: id, Integration: integration, Type: access.Connection, SourceID: m.sourceID(n), SourceType: "group", Status: access.StatusActive,
		MFA: access.Unknown, SuperAdmin: access.Unknown, Administrative: access.Unknown, External: access.Unknown, Locked: access.Unknown, ServiceAccount: access.Unknown,
		FirstSeen: now,
	}
	switch i := int(n); {
	case i < m.People:
		user := fmt.Sprintf("user%d", i)
		e.Type, e.SourceType, e.Name, e.Username, e.Email = access.Identity, "user", fmt.Sprintf("Person %d", i), user, user+"@example.com"
		e.FirstName, e.LastName, e.LastLogin, e.MFA, e.ServiceAccount = "Person", fmt.Sprint(i), m.lastLogin(i), access.TristateOf(m.mfa[i]), access.False
	case i < m.People+m.Groups:
		e.Name = fmt.Sprintf("Group %d", i-m.People)
	default:
		r := i - m.People - m.Groups
		e.Type, e.SourceType, e.Name = access.Resource, broadSourceType, fmt.Sprintf("Resource %d", r)
		if r%100 == 0 {
			e.SourceType = mediumSourceType
		}
	}
	return e
}

// staff are employees for nine people of ten, in 40 departments, with 200 titles, and a
// manager for every ten; and labels and insights on some entities.
func (m *model) staff(ids []string, emit func(store.Change) bool) {
	email := func(i int) string { return fmt.Sprintf("user%d@example.com", i) }
	for i := range m.People {
		if i%10 == 9 {
			continue
		}
		p := &access.Employee{
			ID: access.EmployeeID(email(i)), WorkEmail: email(i), FullName: fmt.Sprintf("Person %d", i), FirstName: "Person", LastName: fmt.Sprint(i),
			Department: fmt.Sprintf("Department %d", i/50%40), Title: fmt.Sprintf("Title %d", i%200), EmploymentType: []string{"employee", "employee", "contractor"}[i%3],
			StartDate: time.Date(2015, 1, 1, 0, 0, 0, 0, time.UTC), ManagerEmail: email(i / 10 * 10), Roles: []access.ProductRole{access.Reviewer},
		}
		if !emit(store.Change{PutEmployee: p}) || !emit(store.Change{PutMapping: &access.Mapping{
			EntityID: ids[i], EmployeeID: p.ID, Relation: access.IS, Origin: access.AutomaticMapping, Reason: "e-mail equals work e-mail", At: now,
		}}) {
			return
		}
	}
	for n := 0; n < m.entities(); n += 20 {
		if !emit(store.Change{PutLabels: &store.EntityLabels{EntityID: ids[n], Labels: []string{fmt.Sprintf("label %d", n/20%12)}}}) {
			return
		}
	}
	for n := 0; n < m.entities(); n += 50 {
		if !emit(store.Change{PutInsights: &store.EntityInsights{EntityID: ids[n], Insights: []access.Insight{{Name: fmt.Sprintf("Insight %d", n/50%8), Since: now}}}}) {
			return
		}
	}
}

// ids are the ids of the entities.
func (m *model) ids() []string {
	out := make([]string, m.entities())
	kind := func(n int) access.EntityType {
		switch {
		case n < m.People:
			return access.Identity
		case n < m.People+m.Groups:
			return access.Connection
		}
		return access.Resource
	}
	var work sync.WaitGroup
	parts := runtime.GOMAXPROCS(0)
	for p := range parts {
		work.Go(func() {
			for n := p; n < len(out); n += parts {
				out[n] = access.EntityKey{Integration: integration, Type: kind(n), SourceID: m.sourceID(uint32(n))}.ID() //nolint:gosec // an index
			}
		})
	}
	work.Wait()
	return out
}

// fill commits the model to a store.
func (m *model) fill(ctx context.Context, st store.Committer, ids []string, staff bool) error {
	_, err := st.Commit(ctx, store.Commit{At: now, Graph: m.changes(ids, staff), GraphCount: m.changeCount(staff)})
	return err
}

// cacheFolder is where graphs are kept between runs, under the temporary folder.
func cacheFolder() string {
	return filepath.Join(os.TempDir(), fmt.Sprintf("accessgraph-bench-%d", os.Getuid()))
}

// cacheName is the name of what is kept of a graph.
func (m *model) cacheName() string {
	return fmt.Sprintf("v%d-seed%d-%s-%d-%d-%d", modelVersion, m.seed, m.Name, m.People, m.Groups, m.Resources)
}

// storeFolder returns a data folder of the embedded store with this graph, made once and
// kept. The snapshot is saved
// in it. It must not be written to: see scratchStore.
func (m *model) storeFolder(ctx context.Context, log func(string, ...any)) (string, error) {
	folder := filepath.Join(cacheFolder(), m.cacheName()+"-store")
	if _, err := os.Stat(folder); err == nil {
		return folder, saveSnapshot(ctx, folder)
	}
	if err := os.MkdirAll(cacheFolder(), 0o700); err != nil {
		return "", err
	}
	fresh, err := os.MkdirTemp(cacheFolder(), "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh) //nolint:errcheck // left over only when it failed
	took, err := timed(func() error {
		st, err := embedded.Open(ctx, fresh, embedded.Options{})
		if err != nil {
			return err
		}
		return errors.Join(m.fill(ctx, st, m.ids(), m.Staff), st.Close())
	})
	if err != nil {
		return "", err
	}
	log("%s: %d entities and %d grants written to an embedded store in %.1f s (kept in %s)", m.Name, m.entities(), m.grants(), took.Seconds(), folder)
	if err := saveSnapshot(ctx, fresh); err != nil {
		return "", err
	}
	return folder, os.Rename(fresh, folder)
}

// saveSnapshot makes the product save its snapshot beside the store, as it does when it
// ends, so that servers on copies of it begin at once.
func saveSnapshot(ctx context.Context, folder string) error {
	if found, err := filepath.Glob(filepath.Join(folder, "snapshot*")); err != nil || len(found) > 0 {
		return err
	}
	st, err := embedded.Open(ctx, folder, embedded.Options{})
	if err != nil {
		return err
	}
	engine := snapshot.NewEngine(st, snapshot.WithFolder(folder, true))
	err = engine.Refresh(ctx)
	return errors.Join(err, engine.Close(), st.Close())
}

// scratchStore is a copy of storeFolder that may be changed, with a function that deletes it.
func (m *model) scratchStore(ctx context.Context, log func(string, ...any)) (folder string, remove func(), err error) {
	kept, err := m.storeFolder(ctx, log)
	if err != nil {
		return "", nil, err
	}
	if folder, err = os.MkdirTemp(cacheFolder(), "scratch-"); err != nil {
		return "", nil, err
	}
	remove = func() { _ = os.RemoveAll(folder) }
	entries, err := os.ReadDir(kept)
	if err != nil {
		return "", nil, err
	}
	for _, e := range entries {
		if e.Name() == embedded.LockName {
			continue
		}
		if err := copyFile(filepath.Join(folder, e.Name()), filepath.Join(kept, e.Name())); err != nil {
			remove()
			return "", nil, err
		}
	}
	return folder, remove, nil
}
