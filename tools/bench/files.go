package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
)

func copyFile(to, from string) (err error) {
	in, err := os.Open(from) //nolint:gosec // our own cache
	if err != nil {
		return err
	}
	defer in.Close()          //nolint:errcheck // it was only read
	out, err := os.Create(to) //nolint:gosec // our own cache
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// edgeList writes the graph for the peers, once: the distinct counting pairs as two files
// of little-endian 32-bit numbers (from.u32, to.u32), and the numbers of entities.
func (m *model) edgeList(c *csr) (folder string, err error) {
	folder = filepath.Join(cacheFolder(), m.cacheName()+"-edges")
	if _, err := os.Stat(folder); err == nil {
		return folder, nil
	}
	if err := os.MkdirAll(cacheFolder(), 0o700); err != nil {
		return "", err
	}
	fresh, err := os.MkdirTemp(cacheFolder(), "new-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(fresh) //nolint:errcheck // left over only when it failed
	from, to := make([]uint32, 0, c.edges()), make([]uint32, 0, c.edges())
	for row := range uint32(m.People + m.Groups) { //nolint:gosec // fewer than 2^32
		for _, g := range c.up.of(row) {
			from, to = append(from, row), append(to, c.groupRow(g))
		}
		for _, r := range c.own.of(row) {
			from, to = append(from, row), append(to, m.firstResource()+r)
		}
	}
	meta, err := json.Marshal(map[string]int{"people": m.People, "groups": m.Groups, "resources": m.Resources})
	if err != nil {
		return "", err
	}
	if err := errors.Join(writeNumbers(filepath.Join(fresh, "from.u32"), from), writeNumbers(filepath.Join(fresh, "to.u32"), to),
		os.WriteFile(filepath.Join(fresh, "graph.json"), meta, 0o600)); err != nil {
		return "", err
	}
	return folder, os.Rename(fresh, folder)
}

func writeNumbers(file string, numbers []uint32) error {
	raw := make([]byte, 0, 4*len(numbers))
	for _, n := range numbers {
		raw = binary.LittleEndian.AppendUint32(raw, n)
	}
	return os.WriteFile(file, raw, 0o600)
}
