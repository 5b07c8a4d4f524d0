package cli

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFlatten(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       Flat
	}{
		{"a connection", `{"entities":{"totalCount":9,"edges":[{"cursor":"x","node":{"name":"a","integration":{"name":"G"}}},{"cursor":"y","node":{"name":"b","integration":null}}],"pageInfo":{"hasNextPage":true}}}`,
			Flat{Columns: []string{"name", "integration.name", "integration"}, Rows: [][]string{{"a", "G", ""}, {"b", "", ""}}, List: true, Total: 9}},
		{"columns in the order asked", `{"l":[{"z":1,"a":true,"m":null}]}`,
			Flat{Columns: []string{"z", "a", "m"}, Rows: [][]string{{"1", "true", ""}}, List: true, Total: -1}},
		{"lists in one cell", `{"l":[{"p":[{"name":"read","value":"true"},{"name":"write","value":"true"}],"t":["x","y"]}]}`,
			Flat{Columns: []string{"p", "t"}, Rows: [][]string{{"read true; write true", "x; y"}}, List: true, Total: -1}},
		{"no list", `{"me":{"kind":"system","n":12345678901234567890}}`,
			Flat{Columns: []string{"me.kind", "me.n"}, Rows: [][]string{{"system", "12345678901234567890"}}, Total: -1}},
		{"scalars", `{"e":{"labels":["a","b"]}}`, Flat{Columns: []string{"value"}, Rows: [][]string{{"a"}, {"b"}}, List: true, Total: -1}},
		{"an empty list", `{"l":[]}`, Flat{List: true, Total: -1}},
		{"a column that comes late", `{"l":[{"a":1},{"b":2}]}`, Flat{Columns: []string{"a", "b"}, Rows: [][]string{{"1", ""}, {"", "2"}}, List: true, Total: -1}},
		{"an access edge", `{"edges":[{"node":{"name":"x"},"direct":true}]}`, Flat{Columns: []string{"name", "direct"}, Rows: [][]string{{"x", "true"}}, List: true, Total: -1}},
	} {
		got, err := Flatten(json.RawMessage(c.data))
		require.NoError(t, err, c.name)
		require.Equal(t, c.want, got, c.name)
	}
	_, err := Flatten(json.RawMessage(`{"a":`))
	require.Error(t, err)
}

func TestTablesDoNotSteerTheTerminal(t *testing.T) {
	f := Flat{Columns: []string{"n"}, Rows: [][]string{{"\x1b[2Jx\u009b"}}, List: true, Total: -1}
	var b bytes.Buffer
	f.WriteTable(&b)
	require.NotContains(t, b.String(), "\x1b")
	require.NotContains(t, b.String(), "\u009b")
}

func FuzzFlatten(f *testing.F) {
	f.Add(`{"a":[{"b":[1,{"c":null}]}]}`)
	f.Fuzz(func(t *testing.T, data string) {
		flat, err := Flatten(json.RawMessage(data))
		if err != nil {
			return
		}
		for _, row := range flat.Rows {
			require.Len(t, row, len(flat.Columns))
		}
		require.NoError(t, flat.WriteCSV(&bytes.Buffer{}))
		flat.WriteTable(&bytes.Buffer{})
	})
}
