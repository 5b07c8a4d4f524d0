package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
)

// oracle is everyone's effective access by brute force: for each person how many
// resources it reaches and a checksum of which. It follows grants one by one with sets,
// and shares no code with anything that is measured.
type oracle struct {
	Counts  []uint32
	Sums    []uint64
	Squares []uint64 // the sums of (number + 1)², a checksum for whom bits are hard
	Pairs   int64
}

// pairSum is what a pair adds to the checksum of its person: the same in every peer's
// program, and with 64 bits in the order of no traversal.
func pairSum(resource uint32) uint64 {
	x := uint64(resource) + 0x9E3779B97F4A7C15
	x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9
	x = (x ^ (x >> 27)) * 0x94D049BB133111EB
	return x ^ (x >> 31)
}

// newOracle follows the grants of the model from every person. At the larger sizes that
// takes a while, so the answer is kept beside the stores.
func newOracle(m *model) (*oracle, error) {
	file := filepath.Join(cacheFolder(), m.cacheName()+"-oracle")
	if o, err := readOracle(file, m.People); err == nil {
		return o, nil
	}
	targets := make([][]uint32, m.People+m.Groups)
	for i, from := range m.from {
		if m.gives[i] {
			targets[from] = append(targets[from], m.to[i])
		}
	}
	o := &oracle{Counts: make([]uint32, m.People), Sums: make([]uint64, m.People), Squares: make([]uint64, m.People)}
	var work sync.WaitGroup
	parts := runtime.GOMAXPROCS(0)
	for p := range parts {
		work.Go(func() {
			for person := p; person < m.People; person += parts {
				seen := map[uint32]bool{}
				todo := []uint32{uint32(person)} //nolint:gosec // an index
				for len(todo) > 0 {
					at := todo[0]
					todo = todo[1:]
					for _, to := range targets[at] {
						if seen[to] {
							continue
						}
						seen[to] = true
						if m.isGroup(to) {
							todo = append(todo, to)
							continue
						}
						o.Counts[person]++
						r := to - m.firstResource()
						o.Sums[person] += pairSum(r)
						o.Squares[person] += uint64(r+1) * uint64(r+1)
					}
				}
			}
		})
	}
	work.Wait()
	o.total()
	return o, o.write(file)
}

func (o *oracle) total() {
	o.Pairs = 0
	for _, n := range o.Counts {
		o.Pairs += int64(n)
	}
}

func (o *oracle) write(file string) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return err
	}
	var b bytes.Buffer
	for _, column := range []any{o.Counts, o.Sums, o.Squares} {
		if err := binary.Write(&b, binary.LittleEndian, column); err != nil {
			return err
		}
	}
	fresh := fmt.Sprintf("%s.%d", file, os.Getpid())
	if err := os.WriteFile(fresh, b.Bytes(), 0o600); err != nil {
		return err
	}
	return os.Rename(fresh, file)
}

func readOracle(file string, people int) (*oracle, error) {
	raw, err := os.ReadFile(file) //nolint:gosec // our own cache
	if err != nil {
		return nil, err
	}
	o := &oracle{Counts: make([]uint32, people), Sums: make([]uint64, people), Squares: make([]uint64, people)}
	if len(raw) != people*20 {
		return nil, fmt.Errorf("%s is not what was written", file)
	}
	in := bytes.NewReader(raw)
	for _, column := range []any{o.Counts, o.Sums, o.Squares} {
		if err := binary.Read(in, binary.LittleEndian, column); err != nil {
			return nil, err
		}
	}
	o.total()
	return o, nil
}

// equal holds the answer of somebody else to the oracle, person by person.
func (o *oracle) equal(name string, counts []uint32, sums []uint64) error {
	if len(counts) != len(o.Counts) || len(sums) != len(o.Sums) {
		return fmt.Errorf("%s answers for %d and %d people, not %d", name, len(counts), len(sums), len(o.Counts))
	}
	for person := range counts {
		if counts[person] != o.Counts[person] {
			return fmt.Errorf("%s: person %d reaches %d resources, not %d", name, person, counts[person], o.Counts[person])
		}
		if sums[person] != o.Sums[person] {
			return fmt.Errorf("%s: person %d reaches other resources", name, person)
		}
	}
	return nil
}
