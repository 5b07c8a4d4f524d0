package ingest

import "github.com/accessgraph/accessgraph/internal/access"

// saidTarget is what the cells of a target say. The reader of rows that made it hands it out
// for every row with these cells.
type saidTarget struct {
	key     rowKey
	id      string
	mention []byte

	// What the collector knows of the key, as of this epoch of its cache.
	seen  *seenKey
	epoch int
	told  int // the telling of seen that is this mention
	mark  int // the collector's mark when this was the last mention told
}

// targetCache remembers the targets that a reader has read, by their cells.
type targetCache struct {
	known  map[string]*saidTarget
	bytes  int
	memory int
}

func (c *targetCache) add(cells []byte, t *saidTarget) {
	if c.bytes > c.memory || c.known == nil {
		c.known, c.bytes = map[string]*saidTarget{}, 0
	}
	c.known[string(cells)] = t
	c.bytes += len(cells) + len(t.mention) + len(t.key.project) + len(t.key.sourceID) + 300 // with the overhead of the map
}

// id is the id of the entity with this key.
func (k rowKey) id(integration string) string {
	return access.EntityKey{Integration: integration, Project: string(k.project), Type: typeOf(k.typ), SourceID: string(k.sourceID)}.ID()
}
