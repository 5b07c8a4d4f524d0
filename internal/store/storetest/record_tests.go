package storetest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/store"
)

// write commits record writes.
func write(t *testing.T, s store.Store, ws ...store.RecordWrite) error {
	t.Helper()
	_, err := s.Commit(t.Context(), store.Commit{At: t0, Records: ws})
	return err
}

func run(id string, expect int64, integration, state string) store.RecordWrite {
	return store.RecordWrite{Kind: "ImportRun", ID: id, Expect: expect, Doc: []byte(`{"id":"` + id + `"}`),
		Index: map[string]string{"integration": integration, "state": state}}
}

var recordTests = []test{
	{"record/put, get, revisions, delete", func(t *testing.T, s store.Store) {
		_, err := s.GetRecord(t.Context(), "ImportRun", "1")
		code(t, access.CodeNotFound, err)
		require.NoError(t, write(t, s, run("1", 0, "a", "running")))
		got, err := s.GetRecord(t.Context(), "ImportRun", "1")
		require.NoError(t, err)
		require.JSONEq(t, `{"id":"1"}`, string(got.Doc))
		require.Equal(t, map[string]string{"integration": "a", "state": "running"}, got.Index)
		require.Equal(t, "ImportRun", got.Kind)
		require.Equal(t, "1", got.ID)
		require.EqualValues(t, 1, got.Revision)

		code(t, access.CodeConflict, write(t, s, run("1", 0, "a", "done")))
		code(t, access.CodeConflict, write(t, s, run("1", 2, "a", "done")))
		code(t, access.CodeConflict, write(t, s, run("2", 1, "a", "done")))
		require.NoError(t, write(t, s, run("1", 1, "a", "done")))
		require.NoError(t, write(t, s, run("1", store.AnyRevision, "a", "failed")))
		require.NoError(t, write(t, s, run("2", store.AnyRevision, "a", "done")))
		got, err = s.GetRecord(t.Context(), "ImportRun", "1")
		require.NoError(t, err)
		require.EqualValues(t, 3, got.Revision)
		require.Equal(t, "failed", got.Index["state"])

		code(t, access.CodeConflict, write(t, s, store.RecordWrite{Kind: "ImportRun", ID: "1", Expect: 2}))
		require.NoError(t, write(t, s, store.RecordWrite{Kind: "ImportRun", ID: "1", Expect: 3}))
		_, err = s.GetRecord(t.Context(), "ImportRun", "1")
		code(t, access.CodeNotFound, err)
		code(t, access.CodeConflict, write(t, s, store.RecordWrite{Kind: "ImportRun", ID: "1", Expect: 3}))
		require.NoError(t, write(t, s, store.RecordWrite{Kind: "ImportRun", ID: "1", Expect: store.AnyRevision}), "deleting what is gone")
		require.NoError(t, write(t, s, run("1", 0, "b", "x")))
		found, err := s.FindRecords(t.Context(), store.RecordQuery{Kind: "ImportRun", Where: map[string]string{"state": "failed"}})
		require.NoError(t, err)
		require.Empty(t, found, "the index forgets what was deleted")
	}},
	{"record/kinds are apart", func(t *testing.T, s store.Store) {
		require.NoError(t, write(t, s, run("1", 0, "a", "b"), store.RecordWrite{Kind: "Setting", ID: "1", Doc: []byte(`[1, 2]`)}))
		got, err := s.GetRecord(t.Context(), "Setting", "1")
		require.NoError(t, err)
		require.JSONEq(t, `[1,2]`, string(got.Doc))
		require.Empty(t, got.Index)
		all, err := s.FindRecords(t.Context(), store.RecordQuery{Kind: "Setting"})
		require.NoError(t, err)
		require.Len(t, all, 1)
		_, err = s.GetRecord(t.Context(), "Job", "1")
		code(t, access.CodeNotFound, err)
		for _, bad := range []error{
			write(t, s, store.RecordWrite{Kind: "Nonsense", ID: "1", Doc: []byte(`1`)}),
			write(t, s, store.RecordWrite{Kind: "Setting", ID: "2", Doc: []byte(`1`), Index: map[string]string{"undeclared": "x"}}),
			func() error { _, err := s.FindRecords(t.Context(), store.RecordQuery{Kind: "Nonsense"}); return err }(),
			func() error {
				_, err := s.FindRecords(t.Context(), store.RecordQuery{Kind: "Setting", Where: map[string]string{"undeclared": "x"}})
				return err
			}(),
		} {
			code(t, access.CodeInternal, bad)
		}
	}},
	{"record/find and page", func(t *testing.T, s store.Store) {
		var ws []store.RecordWrite
		for i := range 10 {
			ws = append(ws, run(fmt.Sprintf("%02d", i), 0, []string{"a", "b"}[i%2], []string{"done", "failed", "don"}[i%3]))
		}
		require.NoError(t, write(t, s, ws...))
		for _, c := range []struct {
			q    store.RecordQuery
			want string
		}{
			{store.RecordQuery{}, "00 01 02 03 04 05 06 07 08 09"},
			{store.RecordQuery{Descending: true, Limit: 3}, "09 08 07"},
			{store.RecordQuery{Descending: true, Limit: 3, After: "07"}, "06 05 04"},
			{store.RecordQuery{Limit: 4, After: "07"}, "08 09"},
			{store.RecordQuery{After: "045"}, "05 06 07 08 09"},
			{store.RecordQuery{Where: map[string]string{"integration": "a"}}, "00 02 04 06 08"},
			{store.RecordQuery{Where: map[string]string{"integration": "a", "state": "done"}}, "00 06"},
			{store.RecordQuery{Where: map[string]string{"state": "done"}, Descending: true}, "09 06 03 00"},
			{store.RecordQuery{Where: map[string]string{"state": "done"}, After: "03", Limit: 1}, "06"},
			{store.RecordQuery{Where: map[string]string{"state": "DONE"}}, ""},
		} {
			c.q.Kind = "ImportRun"
			found, err := s.FindRecords(t.Context(), c.q)
			require.NoError(t, err)
			var ids []string
			for _, r := range found {
				ids = append(ids, r.ID)
				require.JSONEq(t, `{"id":"`+r.ID+`"}`, string(r.Doc))
				require.EqualValues(t, 1, r.Revision)
			}
			require.Equal(t, c.want, strings.Join(ids, " "), "%+v", c.q)
		}
		require.NoError(t, write(t, s, run("00", 1, "c", "done"))) // the index follows
		found, err := s.FindRecords(t.Context(), store.RecordQuery{Kind: "ImportRun", Where: map[string]string{"integration": "a"}})
		require.NoError(t, err)
		require.Len(t, found, 4)
	}},
	{"record/odd texts", func(t *testing.T, s store.Store) {
		for i, text := range oddTexts {
			w := run(fmt.Sprint("id ", i, text), 0, text, "s")
			w.Doc = []byte(fmt.Sprintf(`{"n":%d,"big":12345678901234567890.5}`, i))
			require.NoError(t, write(t, s, w))
			w.Expect = 1
			require.NoError(t, write(t, s, w))
			found, err := s.FindRecords(t.Context(), store.RecordQuery{Kind: "ImportRun", Where: map[string]string{"integration": text}})
			require.NoError(t, err)
			require.Len(t, found, 1)
			require.Equal(t, w.ID, found[0].ID)
			require.JSONEq(t, string(w.Doc), string(found[0].Doc))
			require.Equal(t, text, found[0].Index["integration"])
		}
	}},
	{"record/several writes of one commit see one another", func(t *testing.T, s store.Store) {
		require.NoError(t, write(t, s, run("1", 0, "a", "x"), run("1", 1, "a", "y")))
		got, err := s.GetRecord(t.Context(), "ImportRun", "1")
		require.NoError(t, err)
		require.EqualValues(t, 2, got.Revision)
	}},
}

var auditTests = []test{
	{"audit/order, filters and pages", func(t *testing.T, s store.Store) {
		var entries []store.AuditEntry
		for i := range 9 {
			entries = append(entries, store.AuditEntry{
				ID: fmt.Sprintf("01ARZ%04d", i), At: day(i), ActorKind: "user", Actor: []string{"ann", "bob"}[i%2], Action: []string{"map", "import", "own"}[i%3],
				Object: "e_1", Before: oddTexts[i], After: oddTexts[i+1], RequestID: "r", IP: "::1",
			})
		}
		_, err := s.Commit(t.Context(), store.Commit{At: t0, Audit: entries[:4]})
		require.NoError(t, err)
		_, err = s.Commit(t.Context(), store.Commit{At: t0, Audit: entries[4:]})
		require.NoError(t, err)
		for _, c := range []struct {
			q    store.AuditQuery
			want string
		}{
			{store.AuditQuery{}, "876543210"},
			{store.AuditQuery{Limit: 4}, "8765"},
			{store.AuditQuery{Limit: 4, After: entries[5].ID}, "4321"},
			{store.AuditQuery{Actor: "ann"}, "86420"},
			{store.AuditQuery{Actor: "ann", Action: "map"}, "60"},
			{store.AuditQuery{Object: "e_1", After: entries[2].ID}, "10"},
			{store.AuditQuery{Object: "e_2"}, ""},
			{store.AuditQuery{Actor: "Ann"}, ""},
		} {
			got, err := s.AuditEntries(t.Context(), c.q)
			require.NoError(t, err)
			ids := ""
			for _, e := range got {
				n := e.ID[len(e.ID)-1]
				ids += string(n)
				e.At = e.At.UTC()
				require.Equal(t, entries[n-'0'], e)
			}
			require.Equal(t, c.want, ids, "%+v", c.q)
		}
	}},
	{"audit/entries are never changed", func(t *testing.T, s store.Store) {
		e := store.AuditEntry{ID: "01", At: t0, ActorKind: "system", Actor: "a", Action: "x", Object: "o"}
		_, err := s.Commit(t.Context(), store.Commit{At: t0, Audit: []store.AuditEntry{e}})
		require.NoError(t, err)
		forged := e
		forged.Actor = "b"
		_, err = s.Commit(t.Context(), store.Commit{At: t0, Audit: []store.AuditEntry{forged}})
		code(t, access.CodeConflict, err)
		got, err := s.AuditEntries(t.Context(), store.AuditQuery{})
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.Equal(t, "a", got[0].Actor)
	}},
	{"audit/a time that is not set is the commit's", func(t *testing.T, s store.Store) {
		_, err := s.Commit(t.Context(), store.Commit{At: day(3), Audit: []store.AuditEntry{{ID: "01", Action: "x"}}})
		require.NoError(t, err)
		got, err := s.AuditEntries(t.Context(), store.AuditQuery{})
		require.NoError(t, err)
		require.True(t, day(3).Equal(got[0].At))
	}},
}

var leaseTests = []test{
	{"lease/one holder at a time", func(t *testing.T, s store.Store) {
		take := func(name, holder string, ttl time.Duration) bool {
			ok, err := s.AcquireLease(t.Context(), name, holder, ttl)
			require.NoError(t, err)
			return ok
		}
		require.True(t, take("sealer", "a", time.Minute))
		require.False(t, take("sealer", "b", time.Minute))
		require.True(t, take("sealer", "a", time.Minute), "renewed")
		require.True(t, take("other", "b", time.Minute))
		require.NoError(t, s.ReleaseLease(t.Context(), "sealer", "b"), "not held")
		require.False(t, take("sealer", "b", time.Minute))
		require.NoError(t, s.ReleaseLease(t.Context(), "sealer", "a"))
		require.NoError(t, s.ReleaseLease(t.Context(), "nothing", "a"))
		require.True(t, take("sealer", "b", time.Minute))
		require.False(t, take("sealer", "a", time.Minute))
	}},
	{"lease/expires and is kept by renewing", func(t *testing.T, s store.Store) {
		ok, err := s.AcquireLease(t.Context(), "x", "a", 300*time.Millisecond)
		require.NoError(t, err)
		require.True(t, ok)
		ok, err = s.AcquireLease(t.Context(), "x", "a", time.Minute) // longer
		require.NoError(t, err)
		require.True(t, ok)
		time.Sleep(350 * time.Millisecond)
		ok, err = s.AcquireLease(t.Context(), "x", "b", time.Millisecond)
		require.NoError(t, err)
		require.False(t, ok, "it was renewed")
		ok, err = s.AcquireLease(t.Context(), "x", "a", 10*time.Millisecond) // shorter
		require.NoError(t, err)
		require.True(t, ok)
		time.Sleep(50 * time.Millisecond)
		ok, err = s.AcquireLease(t.Context(), "x", "b", time.Minute)
		require.NoError(t, err)
		require.True(t, ok, "it has expired")
		ok, err = s.AcquireLease(t.Context(), "x", "a", time.Minute)
		require.NoError(t, err)
		require.False(t, ok)
	}},
	{"lease/a race has one winner", func(t *testing.T, s store.Store) {
		won := make(chan bool, 8)
		for i := range cap(won) {
			go func() {
				ok, err := s.AcquireLease(t.Context(), "race", fmt.Sprint("holder ", i), time.Minute)
				won <- ok && err == nil
			}()
		}
		winners := 0
		for range cap(won) {
			if <-won {
				winners++
			}
		}
		require.Equal(t, 1, winners)
		v, err := s.Version(t.Context())
		require.NoError(t, err)
		require.Zero(t, v, "leases are not graph changes")
	}},
}
