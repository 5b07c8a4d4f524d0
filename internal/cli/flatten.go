package cli

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Flat is the first list of a GraphQL answer as rows and columns.
type Flat struct {
	Columns []string
	Rows    [][]string
	// List is false when the answer has no list: there is one row then, of everything.
	List bool
	// Total is the list's totalCount where the query asked for it, else -1.
	Total int64
}

// tree is a JSON value that keeps the order of its members: columns stand in the order
// in which the query asked for them.
type tree struct {
	names  []string // of an object
	fields []*tree
	items  []*tree // of a list
	list   bool
	text   string // of a scalar; "" for null
}

func (t *tree) object() bool { return t != nil && t.names != nil }

func (t *tree) field(name string) *tree {
	if t == nil {
		return nil
	}
	if i := slices.Index(t.names, name); i >= 0 {
		return t.fields[i]
	}
	return nil
}

// Flatten makes rows out of the data of a GraphQL answer: one row for each element of
// the first list in it, in document order, counting connections as lists of their nodes.
// Columns are the paths to the scalars; a list inside a row becomes one cell, its
// elements separated by "; ".
func Flatten(data json.RawMessage) (Flat, error) {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	root, err := parse(dec)
	if err != nil {
		return Flat{}, &access.Error{Code: access.CodeInternal, Message: "the answer is not JSON", Err: err}
	}
	rows, parent, list := firstList(root)
	if !list {
		rows = []*tree{root}
	}
	f := Flat{List: list, Total: -1}
	if total := parent.field("totalCount"); total != nil {
		if n, err := strconv.ParseInt(total.text, 10, 64); err == nil {
			f.Total = n
		}
	}
	at := map[string]int{}
	for _, row := range rows {
		cells := make([]string, len(f.Columns))
		leaves("", row, func(path, text string) {
			i, known := at[path]
			if !known {
				i = len(f.Columns)
				at[path], f.Columns = i, append(f.Columns, path)
			}
			for len(cells) <= i {
				cells = append(cells, "")
			}
			cells[i] = text
		})
		f.Rows = append(f.Rows, cells)
	}
	for i := range f.Rows {
		for len(f.Rows[i]) < len(f.Columns) {
			f.Rows[i] = append(f.Rows[i], "")
		}
	}
	return f, nil
}

// firstList finds the first list of objects, and the object that it is in; without one,
// the first list.
func firstList(t *tree) (items []*tree, parent *tree, ok bool) {
	if rows, parent, ok := find(t, nil, true); ok {
		return rows, parent, true
	}
	return find(t, nil, false)
}

func find(t, parent *tree, objects bool) ([]*tree, *tree, bool) {
	if t.list {
		return t.items, parent, !objects || len(t.items) == 0 || t.items[0].object()
	}
	for _, f := range t.fields {
		if rows, parent, ok := find(f, t, objects); ok {
			return rows, parent, true
		}
	}
	return nil, nil, false
}

// leaves tells every cell of a row. What only wraps (node, edges) is left out of names.
func leaves(path string, t *tree, tell func(path, text string)) {
	switch {
	case t.list:
		tell(named(path, "value"), inline(t))
	case t.object():
		for i, name := range t.names {
			next := name
			switch {
			case name == "__typename" || name == "cursor" || name == "pageInfo":
				continue
			case name == "node" && (len(t.names) == 1 || t.field("cursor") != nil || t.fields[i].object()), name == "edges", name == "nodes":
				next = ""
			}
			leaves(join(path, next), t.fields[i], tell)
		}
	default:
		tell(named(path, "value"), t.text)
	}
}

func named(path, otherwise string) string {
	if path == "" {
		return otherwise
	}
	return path
}

func join(path, name string) string {
	switch {
	case path == "":
		return name
	case name == "":
		return path
	}
	return path + "." + name
}

// inline is a value as one cell: elements separated by "; ", the fields of an object by blanks.
func inline(t *tree) string {
	if t.list {
		parts := make([]string, len(t.items))
		for i, item := range t.items {
			parts[i] = inline(item)
		}
		return strings.Join(parts, "; ")
	}
	if !t.object() {
		return t.text
	}
	var parts []string
	leaves("", t, func(_, text string) {
		if text != "" {
			parts = append(parts, text)
		}
	})
	return strings.Join(parts, " ")
}

func parse(dec *json.Decoder) (*tree, error) {
	tok, err := dec.Token()
	if err != nil {
		return nil, err
	}
	switch tok := tok.(type) {
	case json.Delim:
		return parseComposite(dec, tok)
	case string:
		return &tree{text: tok}, nil
	case json.Number:
		return &tree{text: tok.String()}, nil
	case bool:
		if tok {
			return &tree{text: "true"}, nil
		}
		return &tree{text: "false"}, nil
	}
	return &tree{}, nil // null
}

func parseComposite(dec *json.Decoder, open json.Delim) (*tree, error) {
	t := &tree{list: open == '['}
	if !t.list {
		t.names = []string{}
	}
	for dec.More() {
		if !t.list {
			name, err := dec.Token()
			if err != nil {
				return nil, err
			}
			text, ok := name.(string)
			if !ok {
				return nil, io.ErrUnexpectedEOF
			}
			t.names = append(t.names, text)
		}
		value, err := parse(dec)
		if err != nil {
			return nil, err
		}
		if t.list {
			t.items = append(t.items, value)
		} else {
			t.fields = append(t.fields, value)
		}
	}
	_, err := dec.Token() // the closing delimiter
	return t, err
}
