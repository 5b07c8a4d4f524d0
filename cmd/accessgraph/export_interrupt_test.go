package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/apache/arrow/go/v17/parquet/file"
	"github.com/stretchr/testify/require"
)

// An export that is interrupted, at whatever moment, leaves the whole file or none.
func TestInterruptedExportsLeaveNoHalfFile(t *testing.T) {
	p := newProgram(t)
	p.ok("demo", "--employees", "1500")
	stopped := 0
	for i := range 12 {
		dir := t.TempDir()
		path := filepath.Join(dir, "access.parquet")
		cmd := p.command("export", "access", "--format", "parquet", "-o", path)
		require.NoError(t, cmd.Start())
		time.Sleep(time.Duration(i*40) * time.Millisecond)
		_ = cmd.Process.Signal(os.Interrupt)
		err := cmd.Wait()
		left, readErr := os.ReadDir(dir)
		require.NoError(t, readErr)
		if err != nil {
			stopped++
			require.Empty(t, left)
			continue
		}
		require.Len(t, left, 1)
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		f, err := file.NewParquetReader(bytes.NewReader(text))
		require.NoError(t, err)
		require.Positive(t, f.NumRows())
	}
	require.Positive(t, stopped)
}
