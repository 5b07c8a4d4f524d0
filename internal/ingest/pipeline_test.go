package ingest

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/accessgraph/accessgraph/internal/ingest/csvfile"
)

// oddCells are what cells of test files hold: mostly usual things, often enough not.
var oddCells = map[int][]string{
	colProject:             {"", "", "A", "B", " A "},
	colName:                {"ann", "bob", "", "é", "e\u0301", strings.Repeat("n", 4000), "two\nlines", `say ""hi""`},
	colType:                {"identity", "connection", "resource", "Identity", "", "thing"},
	colSourceType:          {"user", "group", "", strings.Repeat("t", 3900)},
	colSourceID:            {"1", "2", "3", "4", "5", "6", "", "é"},
	colUsername:            {"", "u"},
	colEmail:               {"", "a@example.com", "no address"},
	colTargetName:          {"ann", "x", ""},
	colTargetSourceID:      {"1", "2", "3", "4", "5", "7", ""},
	colTargetType:          {"connection", "resource", "identity", "thing", ""},
	colTargetSourceType:    {"group", "db", ""},
	colPermission:          {"", "read", "é"},
	colValue:               {"", "true", "FALSE", "no", "maybe"},
	colStatus:              {"", "active", "odd"},
	colLastLogin:           {"", "2024-01-02 03:04:05 +0000 UTC", "yesterday"},
	colMFA:                 {"", "yes", "perhaps"},
	colFactors:             {"", "sms;otp", "otp"},
	colMetadata:            {"", `{""a"": 1}`, "{"},
	colLastUsed:            {"", "2024-01-02T03:04:05Z", "x"},
	colGrantMetadata:       {"", `{""b"":2}`, "[]"},
	colLastPasswordChanged: {"", "0001-01-01 00:00:00 +0000 UTC"},
}

func oddFile(r *rand.Rand, rows int) string {
	cols := []int{colName, colType, colSourceType, colSourceID, colTargetName, colTargetSourceID, colTargetType, colTargetSourceType}
	for col := range columnCount {
		if _, has := oddCells[col]; has && !slices.Contains(cols, col) && r.IntN(2) == 0 {
			cols = append(cols, col)
		}
	}
	r.Shuffle(len(cols), func(i, j int) { cols[i], cols[j] = cols[j], cols[i] })
	var b strings.Builder
	for i, col := range cols {
		fmt.Fprintf(&b, "%s%q", []string{",", ""}[min(1, max(0, 1-i))], EntitlementColumns[col].Name)
	}
	b.WriteString("\n")
	odd := r.IntN(30) // the more, the fewer odd cells
	// Most files of other programs have few quotes: then whole lines are cut elsewhere.
	quotes := r.IntN(3) // 0: hardly any, 1: where needed, 2: everywhere
	quoted := func(c string) string {
		needs := strings.ContainsAny(c, "\",\n")
		switch {
		case quotes == 2, needs && quotes == 1, needs && r.IntN(200) == 0:
			return `"` + c + `"`
		case needs:
			return ""
		}
		return c
	}
	cells := make([]string, len(cols))
	for range rows {
		for i, col := range cols {
			own := col < colTargetName || col > colValue
			if own && cells[i] != "" && r.IntN(4) > 0 {
				continue // the same entity as before
			}
			of := oddCells[col]
			cells[i] = of[r.IntN(len(of))]
			if r.IntN(odd+1) > 0 {
				cells[i] = of[r.IntN(min(2, len(of)))]
			}
		}
		unusual := 150
		if quotes == 0 {
			unusual = 1500
		}
		switch r.IntN(unusual) {
		case 0:
			b.WriteString("too,few\n")
		case 1:
			b.WriteString("\n")
		case 2:
			b.WriteString("\xff" + strings.Repeat(",", len(cols)-1) + "\n")
		case 3:
			b.WriteString("\r\n")
		case 4:
			b.WriteString(strings.Repeat(" x ,", len(cols)-1) + " \n")
		case 5:
			b.WriteString("nul\x00" + strings.Repeat(",", len(cols)-1) + "\n")
		case 6:
			b.WriteString(strings.Repeat(",", len(cols)) + "\n")
		case 7:
			if r.IntN(10) == 0 {
				b.WriteString("a\"b\n")
			}
		}
		for i, c := range cells {
			if i > 0 {
				b.WriteString(",")
			}
			b.WriteString(quoted(c))
		}
		b.WriteString([]string{"\n", "\r\n"}[r.IntN(2)])
	}
	return b.String()
}

func mentionsAsText(t *testing.T, m *mentions) (entities, grants []string) {
	t.Helper()
	require.NoError(t, m.finish())
	for c := m.entities.records(); c.next(); {
		k, d := c.key(), decoder{b: c.val()}
		typ, project, sourceID := d.byte(), d.bytes(), d.bytes()
		entities = append(entities, fmt.Sprintf("%s %d %d %c %q %q %q", k[:idLen], k[idLen], binary.BigEndian.Uint64(k[idLen+1:]), typ, project, sourceID, d.b))
	}
	for c := m.grants.records(); c.next(); {
		k, d := c.key(), decoder{b: c.val()}
		grants = append(grants, fmt.Sprintf("%q %q %q %d %c%c %d %q %q %q %q", k[:idLen], k[idLen:2*idLen], k[2*idLen:len(k)-grantTail], binary.BigEndian.Uint64(k[len(k)-8:]),
			d.byte(), d.byte(), d.uint32(), d.text(), d.text(), d.text(), d.text()))
	}
	slices.Sort(entities)
	slices.Sort(grants)
	return entities, grants
}

// TestPipeline: what the pipeline reads from odd files, and tells of them, is what rows read
// one by one say.
func TestPipeline(t *testing.T) {
	for seed := range uint64(360) {
		r := rand.New(rand.NewPCG(seed, 9)) //nolint:gosec // test data
		text := oddFile(r, r.IntN([]int{20, 300, 8000}[seed%3]))
		options := csvfile.Options{Columns: EntitlementColumns, Defaults: map[string]string{EntitlementColumns[colPermission].Name: "use"}}
		if r.IntN(3) == 0 {
			options.MaxRows = 100
		}
		var want, got Report
		in, err := csvfile.NewReader(csvfile.FromBytes("f", []byte(text)), options, &want)
		require.NoError(t, err)
		oracle := &oracleMentions{}
		p := &oracleParser{in: in, report: &want, integration: "Main", out: oracle, memory: 1 << 30}
		require.NoError(t, p.run(func() error { return nil }))
		in.Close()
		slices.Sort(oracle.entities)
		slices.Sort(oracle.grants)

		found := &issues{}
		in2, err := csvfile.NewReader(csvfile.FromBytes("f", []byte(text)), options, found)
		require.NoError(t, err)
		m := newMentions(t.TempDir(), 1<<24)
		c := &collector{report: &got, out: m, memory: 1 << 30}
		require.NoError(t, readRows(in2, found, "Main", c, func() error { return nil }))
		in2.Close()
		entities, grants := mentionsAsText(t, m)
		require.Equal(t, want, got, "seed %d", seed)
		require.Equal(t, oracle.entities, entities, "seed %d", seed)
		require.Equal(t, oracle.grants, grants, "seed %d", seed)
		require.Equal(t, in.Rows(), in2.Rows())
		require.Equal(t, in.Usable(), in2.Usable())
		m.close()
	}
}

// TestPipelineStops: whoever gives up gets the error, and nothing is left running.
func TestPipelineStops(t *testing.T) {
	header, row, _ := strings.Cut(oddFile(rand.New(rand.NewPCG(1, 1)), 1), "\n") //nolint:gosec // test data
	text := header + "\n" + strings.Repeat(row, 2<<20/len(row))
	for at := range 12 {
		found := &issues{}
		in, err := csvfile.NewReader(csvfile.FromBytes("f", []byte(text)), csvfile.Options{Columns: EntitlementColumns}, found)
		require.NoError(t, err)
		m := newMentions(t.TempDir(), 1<<24)
		gaveUp := errors.New("gave up")
		n := 0
		err = readRows(in, found, "Main", &collector{report: &Report{}, out: m, memory: 1 << 30}, func() error {
			if n++; n > at {
				return gaveUp
			}
			return nil
		})
		require.ErrorIs(t, err, gaveUp)
		in.Close()
		m.close()
	}
}
