package export

import (
	"github.com/apache/arrow/go/v17/arrow"
	"github.com/apache/arrow/go/v17/arrow/array"
	"github.com/apache/arrow/go/v17/arrow/memory"

	"github.com/accessgraph/accessgraph/internal/query"
)

// A file of columns has a dictionary for each text, and numbers in its place. In an Arrow
// file a dictionary is the same for all of it; in a Parquet file each group of rows has
// its own, of what occurs in it.

var (
	textType = &arrow.DictionaryType{IndexType: arrow.PrimitiveTypes.Int32, ValueType: arrow.BinaryTypes.String}
	listType = arrow.ListOfField(arrow.Field{Name: "element", Type: textType})
)

// accessSchema are the columns of an access file: ids are unique, names need not be.
// permissions are names, with =value behind where the value is not true; providers and
// chain are ids.
var accessSchema = arrow.NewSchema([]arrow.Field{
	{Name: "source_id", Type: textType},
	{Name: "source", Type: textType},
	{Name: "source_type", Type: textType},
	{Name: "source_integration", Type: textType},
	{Name: "target_id", Type: textType},
	{Name: "target", Type: textType},
	{Name: "target_type", Type: textType},
	{Name: "target_source_type", Type: textType},
	{Name: "target_integration", Type: textType},
	{Name: "permissions", Type: listType},
	{Name: "direct", Type: arrow.FixedWidthTypes.Boolean},
	{Name: "providers", Type: listType},
	{Name: "length", Type: arrow.PrimitiveTypes.Int32},
	{Name: "chain", Type: listType},
}, nil)

// texts makes the indices and the dictionary of numbers that stand for values. Safe for
// concurrent use.
type texts interface {
	of(numbers []uint32, values []string) (indices []uint32, dictionary arrow.Array)
}

// columnMaker turns blocks into records. Safe for concurrent use.
type columnMaker struct {
	names       query.AccessNames
	permissions []string
	texts       texts
}

func newColumnMaker(names query.AccessNames, t texts) *columnMaker {
	return &columnMaker{names: names, permissions: permissionTexts(names.Permissions), texts: t}
}

// record returns the block as a record; it shares the memory of the block.
func (m *columnMaker) record(b *query.AccessBlock) arrow.Record {
	n := &m.names
	columns := []arrow.Array{
		m.text(b.Source, n.IDs), m.coded(b.Source, &n.Name), m.coded(b.Source, &n.Type), m.coded(b.Source, &n.Integration),
		m.text(b.Target, n.IDs), m.coded(b.Target, &n.Name), m.coded(b.Target, &n.Type), m.coded(b.Target, &n.SourceType), m.coded(b.Target, &n.Integration),
		m.list(b.PermissionEnds, b.Permissions, m.permissions), direct(b.Direct),
		m.list(b.ProviderEnds, b.Providers, n.IDs), int32s(b.Length), m.list(b.ChainEnds, b.Chain, n.IDs),
	}
	return array.NewRecord(accessSchema, columns, int64(b.Rows()))
}

func (m *columnMaker) text(numbers []uint32, values []string) arrow.Array {
	indices, dictionary := m.texts.of(numbers, values)
	return array.NewDictionaryArray(textType, number(indices), dictionary)
}

func (m *columnMaker) coded(entities []uint32, c *query.TextColumn) arrow.Array {
	codes := make([]uint32, len(entities))
	for i, e := range entities {
		codes[i] = c.At(e)
	}
	return m.text(codes, c.Values)
}

func (m *columnMaker) list(ends []int32, numbers []uint32, values []string) arrow.Array {
	elements := m.text(numbers, values)
	offsets := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(ends))
	return array.NewListData(array.NewData(listType, len(ends)-1, []*memory.Buffer{nil, offsets}, []arrow.ArrayData{elements.Data()}, 0, 0))
}

// number are indices as Arrow has them: they fit into 31 bits.
func number(indices []uint32) arrow.Array {
	bytes := memory.NewBufferBytes(arrow.Uint32Traits.CastToBytes(indices))
	return array.NewInt32Data(array.NewData(arrow.PrimitiveTypes.Int32, len(indices), []*memory.Buffer{nil, bytes}, nil, 0, 0))
}

func int32s(list []int32) arrow.Array {
	bytes := memory.NewBufferBytes(arrow.Int32Traits.CastToBytes(list))
	return array.NewInt32Data(array.NewData(arrow.PrimitiveTypes.Int32, len(list), []*memory.Buffer{nil, bytes}, nil, 0, 0))
}

func direct(list []bool) arrow.Array {
	bits := make([]byte, (len(list)+7)/8)
	for i, yes := range list {
		if yes {
			bits[i>>3] |= 1 << (i & 7)
		}
	}
	return array.NewBooleanData(array.NewData(arrow.FixedWidthTypes.Boolean, len(list), []*memory.Buffer{nil, memory.NewBufferBytes(bits)}, nil, 0, 0))
}

// strings are the values of a dictionary.
func stringArray(values []string) arrow.Array {
	b := array.NewStringBuilder(memory.DefaultAllocator)
	defer b.Release()
	b.AppendValues(values, nil)
	return b.NewArray()
}
