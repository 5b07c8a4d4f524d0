package exportjob

import (
	"context"
	"fmt"
	"io"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

func TestFilesAreWholeOrNotThere(t *testing.T) {
	f := NewFiles(FileOptions{Folder: t.TempDir() + "/new", MaxFile: 100})
	ctx, cancel := context.WithCancel(t.Context())
	n, err := f.write(ctx, "a", "csv", func(w io.Writer) error {
		_, err := io.WriteString(w, "whole")
		return err
	})
	require.NoError(t, err)
	require.EqualValues(t, 5, n)
	for name, c := range map[string]struct {
		fill func(io.Writer) error
		code access.Code
	}{
		"failed": {func(w io.Writer) error {
			_, _ = io.WriteString(w, "half")
			return access.Errorf(access.CodeConflict, "no")
		}, access.CodeConflict},
		"too large": {func(w io.Writer) error {
			for {
				if _, err := io.WriteString(w, "0123456789"); err != nil {
					return fmt.Errorf("dressed up: %s", err.Error()) //nolint:errorlint // as some writers do
				}
			}
		}, access.CodeLimitExceeded},
	} {
		_, err := f.write(ctx, "b", "csv", c.fill)
		require.Equal(t, c.code, access.CodeOf(err), name)
	}
	_, err = f.write(ctx, "b", "csv", func(w io.Writer) error {
		cancel()
		_, err := io.WriteString(w, "x")
		return err
	})
	require.ErrorIs(t, err, context.Canceled)
	list, err := os.ReadDir(f.folder)
	require.NoError(t, err)
	require.Len(t, list, 1)
	require.Equal(t, "a.csv", list[0].Name())

	_, err = f.open("b", Result{Format: "csv"})
	require.Equal(t, access.CodeNotFound, access.CodeOf(err))
	_, err = (*Files)(nil).Sweep()
	require.NoError(t, err)
	_, err = NewFiles(FileOptions{}).write(t.Context(), "a", "csv", nil)
	require.Equal(t, access.CodeUnavailable, access.CodeOf(err))
}
