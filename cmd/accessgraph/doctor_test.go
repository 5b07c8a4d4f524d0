package main

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/store/neo4j/neo4jtest"
)

type diagnosis struct {
	OK     bool
	Checks []finding
}

func (d diagnosis) of(check string) string {
	for _, f := range d.Checks {
		if f.Check == check {
			return f.Status
		}
	}
	return ""
}

func (p *program) doctor(code int) diagnosis {
	p.t.Helper()
	r := p.run("doctor", "--json")
	require.Equal(p.t, code, r.code, r.out+r.err)
	return decode[diagnosis](p.t, r.out)
}

func TestDoctorOnEmbedded(t *testing.T) {
	p := newProgram(t)
	require.Equal(t, "warn", p.doctor(0).of("data folder"))
	p.loadNested()
	d := p.doctor(0)
	require.True(t, d.OK)
	require.Equal(t, "warn", d.of("API keys"))
	p.ok("apikey", "create", "--name", "x", "--role", "administrator")
	for _, f := range p.doctor(0).Checks {
		require.Equal(t, "ok", f.Status, "%s: %s", f.Check, f.Detail)
	}
	require.Contains(t, p.ok("doctor", "--rescan"), "version")

	// Somebody overwrote a part of the file.
	file := filepath.Join(p.data, "accessgraph.db")
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	damaged := append([]byte(nil), b...)
	for i := len(damaged) / 3; i < len(damaged)*2/3; i++ {
		damaged[i] = 0xA5
	}
	require.NoError(t, os.WriteFile(file, damaged, 0o600))
	require.False(t, p.doctor(1).OK)

	require.NoError(t, os.WriteFile(file, []byte("a text that is no database, but long enough to look at"), 0o600))
	require.Equal(t, "fail", p.doctor(1).of("store"))

	if runtime.GOOS != "windows" {
		require.NoError(t, os.WriteFile(file, b, 0o600))
		require.NoError(t, os.Chmod(p.data, 0o755)) //nolint:gosec // that is what must be noticed
		require.Contains(t, p.ok("doctor"), "chmod 700")
	}
}

func TestDoctorOnNeo4j(t *testing.T) {
	p := neo4jProgram(t, neo4jtest.Acquire(t))
	p.loadNested()
	require.Equal(t, "ok", p.doctor(0).of("Neo4j"))
	wrong := *p
	wrong.env = append(wrong.env[:len(wrong.env):len(wrong.env)], "ACCESSGRAPH_NEO4J_PASSWORD=not-the-password")
	require.Equal(t, "fail", wrong.doctor(1).of("Neo4j"))
	require.NotContains(t, wrong.run("doctor").out, "not-the-password")
}

func TestVersion(t *testing.T) {
	p := newProgram(t)
	require.Contains(t, p.ok("version"), "accessgraph ")
	b := decode[build](t, p.ok("version", "--json"))
	require.Equal(t, runtime.Version(), b.Go)
	require.Equal(t, runtime.GOOS+"/"+runtime.GOARCH, b.OS)
}
