package ingest_test

import (
	"bytes"
	"context"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/ingest"
	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
	"github.com/accessgraph/accessgraph/internal/store"
)

// changing is a store with copies whose graph changes while it is read for the first time.
type changing struct {
	copied
	change func()
}

func (c *changing) ReadGraph(ctx context.Context, read func(ctx context.Context, v store.GraphView) error) error {
	err := c.copied.ReadGraph(ctx, read)
	if change := c.change; change != nil {
		c.change = nil
		change()
		return c.copied.ReadGraph(ctx, read) // as a store does, whatever the error was
	}
	return err
}

// slow is a file that takes its time.
type slow struct{ io.Reader }

func (s slow) Read(p []byte) (int, error) {
	time.Sleep(400 * time.Millisecond)
	return s.Reader.Read(p[:min(len(p), 100)])
}

// TestChangesBesideTheFile: what another import writes while a file is read and compared is what
// the file is compared with in the end, also when the file takes long.
func TestChangesBesideTheFile(t *testing.T) {
	first := file(base, base.with("Source ID", "u2", "Name", "bob"))
	other := file(base, base.with("Source ID", "u3", "Name", "cid"), base.with("Source ID", "u4", "Name", "dan"))
	last := file(base, base.with("Source ID", "u2", "Name", "bo"), base.with("Source ID", "u3", "Name", "cid"))
	bad := file(base.with("Type", "thing"))
	for name, c := range map[string]struct {
		text     string
		slow     bool
		rejected bool
	}{"quick": {text: last}, "slow": {text: last, slow: true}, "rejected": {text: bad, rejected: true}} {
		t.Run(name, func(t *testing.T) {
			a, b := newWorld(t), newWorld(t)
			a.load(first, options())
			b.load(first, options())
			a.load(other, options())
			want, wantErr := a.try(c.text, options())

			s := &changing{copied: copied{b.store}, change: func() { b.load(other, options()) }}
			src := csvfile.FromBytes("file.csv", []byte(c.text))
			if c.slow {
				src.Reader = slow{bytes.NewReader([]byte(c.text))}
			}
			o := options()
			o.TempDir = t.TempDir()
			got, err := ingest.NewImporter(s, nil).Entitlements(t.Context(), src, o)
			require.Nil(t, s.change, "the graph has changed")
			require.Equal(t, c.rejected, err != nil)
			require.Equal(t, wantErr != nil, err != nil)
			if c.rejected {
				require.ErrorIs(t, err, ingest.ErrRejected)
			}
			require.Equal(t, want, got)
			wantE, wantG := a.state()
			gotE, gotG := b.state()
			require.Equal(t, wantE, gotE)
			require.Equal(t, wantG, gotG)
			require.Len(t, b.runs(), 3)
		})
	}
}

// TestRefusedBesideTheFile: an import that cannot begin says so, and leaves no record.
func TestRefusedBesideTheFile(t *testing.T) {
	w := newWorld(t)
	w.load(file(base), options())
	o := options()
	o.Application = "Another"
	o.TempDir = t.TempDir()
	_, err := ingest.NewImporter(copied{w.store}, nil).Entitlements(t.Context(), csvfile.FromBytes("f", []byte(file(base))), o)
	require.ErrorContains(t, err, "is an instance of")
	require.Len(t, w.runs(), 1)
	o = options()
	o.ConfirmRemovals = false
	o.TempDir = t.TempDir()
	_, err = ingest.NewImporter(copied{w.store}, nil).Entitlements(t.Context(), csvfile.FromBytes("f", []byte(file(base.with("Source ID", "x", "t:Source ID", "y")))), o)
	require.ErrorIs(t, err, ingest.ErrConfirmRemovals)
	require.Len(t, w.runs(), 2, "this one is recorded")
}
