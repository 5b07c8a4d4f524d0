package snapshot

import (
	"encoding/binary"

	"github.com/accessgraph/accessgraph/internal/filter"
)

// nodeKey appends a text that is the same for equal filter nodes and differs for others.
// ok is false for nodes whose answer depends on the time of asking: days are counted back
// from it to the nanosecond, and states of employees change with it.
func nodeKey(key []byte, n filter.Node) (out []byte, ok bool) {
	switch n := n.(type) {
	case nil:
		return append(key, 'n'), true
	case filter.All:
		return nodesKey(append(key, 'a'), n)
	case filter.Any:
		return nodesKey(append(key, 'o'), n)
	case filter.Not:
		return nodeKey(append(key, '!'), n.Part)
	case filter.Text:
		return matchKey(textKey(append(key, 't'), string(n.Attr)), &n.Match), true
	case filter.In:
		if n.Attr == filter.AttrEmployeeState {
			return key, false
		}
		return textsKey(textKey(append(key, 'i'), string(n.Attr)), n.Values), true
	case filter.Missing:
		return textKey(append(key, 'm'), string(n.Attr)), true
	case filter.People:
		return nodesKey(append(key, 'p'), n.Parts)
	case filter.Related:
		key = textKey(append(key, 'r', flag(n.Direct), flag(n.None), flag(n.HasVia)), string(n.Direction))
		key = binary.AppendVarint(key, int64(n.AtLeast))
		key = matchKey(key, n.Permission)
		if key, ok = nodeKey(key, n.Entity); !ok {
			return key, false
		}
		return nodeKey(key, n.Via)
	}
	return key, false // filter.NotAfter, and what is not known
}

func nodesKey(key []byte, parts []filter.Node) (out []byte, ok bool) {
	key = binary.AppendUvarint(key, uint64(len(parts)))
	for _, part := range parts {
		if key, ok = nodeKey(key, part); !ok {
			return key, false
		}
	}
	return key, true
}

func flag(v bool) byte {
	if v {
		return '1'
	}
	return '0'
}

func textKey(key []byte, v string) []byte {
	return append(binary.AppendUvarint(key, uint64(len(v))), v...)
}

func textsKey(key []byte, list []string) []byte {
	key = binary.AppendUvarint(key, uint64(len(list)))
	for _, v := range list {
		key = textKey(key, v)
	}
	return key
}

func matchKey(key []byte, m *filter.StringMatch) []byte {
	if m == nil {
		return append(key, '-')
	}
	key = textsKey(append(key, '+'), m.In)
	for _, v := range []*string{m.Eq, m.Contains, m.StartsWith, m.EndsWith} {
		if v == nil {
			key = append(key, '-')
			continue
		}
		key = textKey(append(key, '+'), *v)
	}
	if m.IsEmpty == nil {
		return append(key, '-')
	}
	return append(key, flag(*m.IsEmpty))
}
