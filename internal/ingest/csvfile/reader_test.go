package csvfile

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/access"
)

type list struct{ errors, warnings []Issue }

func (l *list) Error(i Issue) { l.errors = append(l.errors, i) }
func (l *list) Warn(i Issue)  { l.warnings = append(l.warnings, i) }

var two = []Column{{Name: "Entity Name", Required: true}, {Name: "Note"}}

// read returns "row:cell|cell" of each row.
func read(t *testing.T, in string, opts Options) (rows []string, l *list) {
	t.Helper()
	if opts.Columns == nil {
		opts.Columns = two
	}
	l = &list{}
	r, err := NewReader(FromBytes("f.csv", []byte(in)), opts, l)
	require.NoError(t, err)
	defer r.Close()
	for r.Next() {
		line := fmt.Sprintf("%d:", r.Row())
		for i := range opts.Columns {
			if i > 0 {
				line += "|"
			}
			line += r.Text(i)
			require.Equal(t, r.Text(i), access.Clean(string(r.Cell(i))))
		}
		rows = append(rows, line)
	}
	require.NoError(t, r.Err())
	return rows, l
}

func TestRowsAndNumbers(t *testing.T) {
	rows, l := read(t, "\ufeffentity_NAME *,Note\r\n\"a, \"\"b\"\"\nc\",x\r\n\r\n d ,\n\"\",\"y\"", Options{})
	require.Equal(t, []string{"2:a, \"b\"\nc|x", "4:d|", "5:|y"}, rows)
	require.Empty(t, l.errors)
	require.Empty(t, l.warnings)
}

func TestColumnsByNameMapAndDefault(t *testing.T) {
	rows, l := read(t, "Other,Display,Entity Name,\n1,n,ignored,\n", Options{Map: map[string]string{"entity name": "display"}, Defaults: map[string]string{"NOTE": "dflt"}})
	require.Equal(t, []string{"2:n|dflt"}, rows)
	require.Len(t, l.warnings, 3)
	for _, w := range l.warnings {
		require.Equal(t, CodeUnknownColumn, w.Code)
	}
	rows, _ = read(t, "Entity Name,Note\na,\nb,z\n", Options{Defaults: map[string]string{"Note": "d"}})
	require.Equal(t, []string{"2:a|d", "3:b|z"}, rows)

	rows, l = read(t, "X,Entity Name,X\n1,a,2\n", Options{})
	require.Equal(t, []string{"2:a|"}, rows, "a column that nobody asks for may stand twice")
	require.Empty(t, l.errors)
	require.Len(t, l.warnings, 2)
	_, l = read(t, "X,Entity Name,X\n1,a,2\n", Options{Map: map[string]string{"Note": "x"}})
	require.Len(t, l.errors, 1, "which one is meant?")
	_, err := NewReader(FromBytes("f", []byte("a\n")), Options{Columns: two, Defaults: map[string]string{"Note": "a\x00b"}}, &list{})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))

	_, err = NewReader(FromBytes("f", []byte("a\n")), Options{Columns: two, Map: map[string]string{"Nope": "x"}}, &list{})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	_, err = ParseAssignments("map", []string{"x"})
	require.Equal(t, access.CodeInvalidInput, access.CodeOf(err))
	m, err := ParseAssignments("map", []string{"A = b=c"})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"A": "b=c"}, m)
}

// A map that was given with an earlier file yields to a file in the canonical form, not to one that has neither column.
func TestARememberedMapYieldsToTheCanonicalColumn(t *testing.T) {
	theirs := map[string]string{"Entity Name": "Who"}
	for header, want := range map[string]string{"Who": "2:x|", "Entity Name": "2:x|", "ENTITY_name*": "2:x|"} {
		rows, l := read(t, header+"\nx\n", Options{Map: theirs, Remembered: true})
		require.Equal(t, []string{want}, rows)
		require.Empty(t, l.errors)
	}
	_, l := read(t, "Nobody\nx\n", Options{Map: theirs, Remembered: true})
	require.Len(t, l.errors, 1)
	_, l = read(t, "Entity Name\nx\n", Options{Map: theirs})
	require.Len(t, l.errors, 1, "a map given now is meant")
}

func TestHeaderErrors(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"empty":     {"", "empty"},
		"missing":   {"Note\nx\n", "required column"},
		"duplicate": {"Entity Name,entity_name\na,b\n", "stands twice"},
		"known one": {"X,Entity Name,X,Note,note\na,b,c,d,e\n", "\"note\" stands twice"},
		"semicolon": {"Entity Name;Note;Third\na;b;c\n", "semicolons"},
		"utf16":     {"\xff\xfeE\x00n\x00", "UTF-16"},
	} {
		t.Run(name, func(t *testing.T) {
			cols := []Column{{Name: "Entity Name", Required: true}, {Name: "Note", Required: name == "semicolon"}}
			rows, l := read(t, c.in, Options{Columns: cols})
			require.Empty(t, rows)
			require.NotEmpty(t, l.errors)
			require.Contains(t, l.errors[0].Message, c.want)
		})
	}
	_, l := read(t, "Entity Name,Alias\n", Options{Columns: []Column{{Name: "Entity Name", Aliases: []string{"alias"}}}})
	require.Len(t, l.errors, 1, "a column and its alias are the same column twice")
	_, l = read(t, "Acme Roles\nx\n", Options{Columns: []Column{{Name: "Roles", Required: true, Match: func(h string) bool { return strings.HasSuffix(h, " Roles") }}}})
	require.Empty(t, l.errors)
}

func TestRowErrorsAreLocatedAndTheRestIsRead(t *testing.T) {
	rows, l := read(t, "Entity Name,Note\na,b,c\n\xff,x\ny\x00,\ngood,g\n", Options{})
	require.Equal(t, []string{"5:good|g"}, rows)
	require.Equal(t, []Issue{
		{Row: 2, Code: CodeSyntax, Message: l.errors[0].Message},
		{Row: 3, Column: "Entity Name", Code: CodeEncoding, Message: l.errors[1].Message},
		{Row: 4, Column: "Entity Name", Code: CodeEncoding, Message: l.errors[2].Message},
	}, l.errors)
}

func TestBrokenQuotingStopsWithItsPlace(t *testing.T) {
	for in, want := range map[string]Issue{
		"a,x\"y\nb,\n":    {Row: 2, Column: "Note", Code: CodeSyntax},
		"a,\"x\"y\nb,\n":  {Row: 2, Column: "Note", Code: CodeSyntax},
		"a,b\n\"c,d\n":    {Row: 3, Column: "Entity Name", Code: CodeSyntax},
		"a,b\"\nc,\"d\"x": {Row: 2, Column: "Note", Code: CodeSyntax},
	} {
		_, l := read(t, "Entity Name,Note\n"+in, Options{})
		require.Len(t, l.errors, 1, in)
		got := l.errors[0]
		got.Message = ""
		require.Equal(t, want, got, in)
	}
}

func TestLimits(t *testing.T) {
	long := strings.Repeat("x", 5000)
	_, l := read(t, "Entity Name,Note\n"+long+",\nb,\n", Options{MaxCell: 4000})
	require.Equal(t, CodeLimit, l.errors[0].Code)
	rows, l := read(t, "Entity Name,Note\na,\n"+long+",\nb,\n", Options{MaxRow: 4000})
	require.Equal(t, []string{"2:a|"}, rows)
	require.Equal(t, Issue{Row: 3, Code: CodeLimit, Message: l.errors[0].Message}, l.errors[0])
	_, l = read(t, "Entity Name,Note\na\"b,\n"+strings.Repeat("c,d\n", 3000), Options{MaxRow: 4000})
	require.Equal(t, CodeSyntax, l.errors[0].Code, "a stray quote is named rather than the length it causes")
	rows, l = read(t, "Entity Name,Note\na,\nb,\nc,\n", Options{MaxRows: 2})
	require.Len(t, rows, 2)
	require.Equal(t, int64(4), l.errors[0].Row)
	_, l = read(t, "Entity Name,Note\na,\nb,\nc,\n", Options{MaxBytes: 20})
	require.Equal(t, CodeLimit, l.errors[0].Code)
}

func TestCompression(t *testing.T) {
	const text = "Entity Name,Note\na,b\n"
	var gz, zs bytes.Buffer
	w := gzip.NewWriter(&gz)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	w.Close()
	z, err := zstd.NewWriter(&zs)
	require.NoError(t, err)
	_, err = z.Write([]byte(text))
	require.NoError(t, err)
	z.Close()
	for _, in := range []string{gz.String(), zs.String()} {
		rows, l := read(t, in, Options{})
		require.Equal(t, []string{"2:a|b"}, rows)
		require.Empty(t, l.errors)

		r, err := NewReader(FromBytes("f", []byte(in[:len(in)-6])), Options{Columns: two}, &list{})
		if err == nil {
			for r.Next() {
			}
			err = r.Err()
		}
		require.Equal(t, access.CodeInvalidInput, access.CodeOf(err), "a damaged archive is an error, not a short file")
	}
}

func TestProgressAndHash(t *testing.T) {
	in := "Entity Name,Note\n" + strings.Repeat("abcdefgh,ijklmnop\n", 200_000)
	var last, total int64
	calls := 0
	r, err := NewReader(FromBytes("f", []byte(in)), Options{Columns: two, Progress: func(d, n int64) { last, total = d, n; calls++ }}, &list{})
	require.NoError(t, err)
	for r.Next() {
	}
	require.Equal(t, int64(len(in)), last)
	require.Equal(t, int64(len(in)), total)
	require.Greater(t, calls, 2)
	sum, err := r.SHA256()
	require.NoError(t, err)
	require.Len(t, sum, 64)
	require.Equal(t, int64(200_000), r.Rows())
}

// FuzzRecords holds the record splitter equal to encoding/csv, whatever pieces the
// input arrives in.
func FuzzRecords(f *testing.F) {
	for _, s := range []string{"a,b\n", "\"a\"\"b\",c\r\n", "\n\n,\n", "a\"b\n", "\"a\nb", "\"a\"b\n", ",\"\"\n\"\",", "x\r", "\"a\r\nb\",\r\n"} {
		f.Add([]byte(s), 3)
	}
	f.Fuzz(func(t *testing.T, in []byte, piece int) {
		if bytes.Contains(in, []byte("\r\r")) {
			return // encoding/csv drops one carriage return of several; so may anyone
		}
		want := csv.NewReader(bytes.NewReader(in))
		want.FieldsPerRecord = -1
		got := newRecords(&pieces{in, max(1, piece%7)}, 1<<20)
		for {
			w, werr := want.Read()
			var g [][]byte
			var gerr error
			for {
				g, gerr = got.next()
				if gerr != nil || g != nil {
					break
				}
			}
			if errors.Is(werr, io.EOF) {
				require.ErrorIs(t, gerr, io.EOF)
				return
			}
			if werr != nil {
				var s *syntaxError
				require.ErrorAs(t, gerr, &s)
				return
			}
			require.NoError(t, gerr)
			require.Len(t, g, len(w))
			for i := range w {
				require.Equal(t, w[i], strings.ReplaceAll(string(g[i]), "\r\n", "\n"))
			}
		}
	})
}

type pieces struct {
	b []byte
	n int
}

func (p *pieces) Read(b []byte) (int, error) {
	if len(p.b) == 0 {
		return 0, io.EOF
	}
	n := copy(b, p.b[:min(p.n, len(p.b))])
	p.b = p.b[n:]
	return n, nil
}

// FuzzReader: no input panics, rows are numbered upwards, and every cell is clean UTF-8.
func FuzzReader(f *testing.F) {
	f.Add([]byte("Entity Name,Note\na,b\n"))
	f.Add([]byte("\xef\xbb\xbfentity_name*\n\"x\n"))
	f.Add([]byte{0x1f, 0x8b, 8, 0})
	f.Fuzz(func(t *testing.T, in []byte) {
		l := &list{}
		r, err := NewReader(FromBytes("f", in), Options{Columns: two, MaxRow: 1 << 12}, l)
		if err != nil {
			return
		}
		defer r.Close()
		row := int64(1)
		for r.Next() {
			require.Greater(t, r.Row(), row)
			row = r.Row()
			require.Equal(t, r.Text(0), access.Clean(string(r.Cell(0))))
		}
		if !r.Usable() {
			require.NotEmpty(t, l.errors)
		}
	})
}

func BenchmarkReader(b *testing.B) {
	in := []byte("Entity Name,Note\n" + strings.Repeat("abcdefghijklmnop,\"ijklmnop, qrst\"\n", 100_000))
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		r, err := NewReader(FromBytes("f", in), Options{Columns: two}, &list{})
		if err != nil {
			b.Fatal(err)
		}
		for r.Next() {
		}
		r.Close()
	}
}
