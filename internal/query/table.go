package query

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// Tabler gives the effective access of many entities as columns of numbers, for files of
// any size. Only the memory engine does; its readers are Tablers.
type Tabler interface {
	Info() Info
	// Names says what the numbers of the blocks mean. It shares the reader's memory.
	Names() AccessNames
	// EachBlock yields all effective access from the entities that pass q.Sources to those
	// that pass q.Targets, one row a pair, ordered by name and id of the source, then of the
	// target. prepare turns a block into what is yielded; it runs on all cores, may keep the
	// block, and yield is given its results in order, from one goroutine. An error of
	// either, or the end of ctx, ends it and is returned. O(pairs and their providers).
	EachBlock(ctx context.Context, q TableQuery, prepare func(*AccessBlock) (any, error), yield func(any) error) error
}

// TableQuery asks for effective access as a table.
type TableQuery struct {
	Sources, Targets *filter.Filter
	// Rows is about how many rows a block shall have; 0 = 64 Ki. A block has the rows of
	// whole sources.
	Rows int
	// Progress, where set, is told how many sources are done, in order.
	Progress func(done, total int)
}

// AccessNames are the texts behind the numbers of blocks. Entities have numbers in the
// order of name and id.
type AccessNames struct {
	IDs                                 []string // by entity
	Name, Type, SourceType, Integration TextColumn
	Permissions                         []access.Permission // by permission, in order
}

// TextColumn is a text of every entity, as the number of a distinct value.
type TextColumn struct {
	Codes  []uint32 // by entity
	Values []string
}

// AccessBlock is rows of a table of effective access. Lists of a row i are
// list[ends[i]:ends[i+1]]; ends has one element more than there are rows.
type AccessBlock struct {
	Source, Target []uint32 // entities
	Direct         []bool   // the source has a counting grant of its own on the target
	Length         []int32  // hops of the shortest chain
	// Permissions are the effective ones, in order.
	PermissionEnds []int32
	Permissions    []uint32
	// Providers are those of Access, in order.
	ProviderEnds []int32
	Providers    []uint32
	// Chain is the shortest chain, of several the first by the ids along it: the source,
	// the connections, the target.
	ChainEnds []int32
	Chain     []uint32
}

// Rows is the number of rows.
func (b *AccessBlock) Rows() int { return len(b.Source) }

// At returns the number of the entity's value; missing is the last value, "".
func (c *TextColumn) At(entity uint32) uint32 {
	if code := c.Codes[entity]; code < uint32(len(c.Values)) { //nolint:gosec // fewer than 2^32 values
		return code
	}
	return uint32(len(c.Values)) - 1 //nolint:gosec // as above
}
