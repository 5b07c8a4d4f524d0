package ingest

import (
	"context"
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// kinds tells whether the source ids of a file can mean anything but themselves. Mostly they
// cannot: there is one project, and nothing is of two types. Then there is nothing to
// resolve.
type kinds struct {
	limit    int      // of list
	list     []uint64 // a hash of each source id, the type in the two last bits
	project  string
	projects int  // up to 2
	unclear  bool // too many, or two types of what may be one source id
}

var kindSeed = maphash.MakeSeed()

func (k *kinds) add(key rowKey) {
	if k.unclear || k.projects > 1 {
		return
	}
	if len(k.list) >= k.limit {
		k.unclear, k.list = true, nil
		return
	}
	k.list = append(k.list, maphash.Bytes(kindSeed, key.sourceID)<<2|uint64(typeIndex(key.typ))) //nolint:gosec // 0 to 2
}

// of is told of the project of what comes next, and of how many there have been.
func (k *kinds) of(project string, projects int) {
	if k.project, k.projects = project, projects; projects > 1 {
		k.list = nil
	}
}

func (k *kinds) finish() {
	slices.Sort(k.list)
	for i := 1; i < len(k.list); i++ {
		k.unclear = k.unclear || (k.list[i]>>2 == k.list[i-1]>>2 && k.list[i] != k.list[i-1])
	}
	k.list = nil
}

// plain reports that resolve would find nothing, given that all entities of the store are
// of that project, or that there are none.
func (k *kinds) plain(stored projectSet) bool {
	return !k.unclear && k.projects <= 1 && !stored.several && (!stored.any || k.projects == 0 || stored.project == k.project)
}

// projectSet is which projects there are.
type projectSet struct {
	any, several bool
	project      string
}

func (s *projectSet) add(project string) {
	if s.any && s.project != project {
		s.several = true
	}
	s.any, s.project = true, project
}

// keys are the keys of what the rows say and of what the store holds, as resolve walks them:
//
//	source id · section · project · type · role → row
func (c *comparison) keys(ctx context.Context) (*sorter, error) {
	out := newSorter(c.run.o.TempDir, c.run.o.MemoryLimit/16)
	var buf []byte
	fill := func() error {
		said := c.run.said.entities.records()
		for n := 1; said.next(); n++ {
			if n%countStep == 0 && ctx.Err() != nil {
				return ctx.Err()
			}
			k, d := said.key(), decoder{b: said.val()}
			typ, project, sourceID := d.byte(), d.bytes(), d.bytes()
			row := int64(binary.BigEndian.Uint64(k[idLen+1:])) //nolint:gosec // as written
			if err := addKey(out, &buf, typ, project, sourceID, role(k[idLen]), row); err != nil {
				return err
			}
		}
		if err := said.err(); err != nil {
			return err
		}
		for e, err := range c.entities() {
			if err == nil {
				err = addKey(out, &buf, e.Type[0], e.Project, e.SourceID, roleOwn, 0)
			}
			if err != nil {
				return err
			}
		}
		return out.finish()
	}
	return out, fill()
}
