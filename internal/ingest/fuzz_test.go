package ingest_test

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// FuzzEntitlements: whatever the bytes, there is no panic, and either the file is rejected
// with located errors and nothing is committed, or the commit holds exactly what the
// report counts.
func FuzzEntitlements(f *testing.F) {
	f.Add([]byte(file(base, described)))
	f.Add([]byte(file(base.with("Project", "A"), described.with("Project", "B"), conn("g1", "g2"), conn("g2", "g1"))))
	f.Add([]byte("\xef\xbb\xbfEntity Name\n\"x"))
	f.Fuzz(func(t *testing.T, in []byte) {
		s := &sink{}
		o := options()
		o.MemoryLimit = 4 << 20
		rep, err := ingest.NewImporter(s, nil).Entitlements(t.Context(), csvfile.FromBytes("f", in), o)
		if err != nil {
			require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "%v", err)
			require.Equal(t, errors.Is(err, ingest.ErrRejected), rep.Rejected())
			require.Zero(t, s.entities+s.grants)
			return
		}
		require.False(t, rep.Rejected())
		require.Equal(t, rep.Entities.Added, s.entities)
		require.Equal(t, rep.Grants.Added, s.grants)
		for _, i := range append(rep.Warnings, rep.Errors...) {
			require.GreaterOrEqual(t, i.Row, int64(0))
			require.LessOrEqual(t, i.Row, rep.Rows+int64(len(in))+1)
		}
	})
}
