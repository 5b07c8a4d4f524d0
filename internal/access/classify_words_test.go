package access

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestNonHumanWord: the walk over the parts of a name finds what the expression finds.
func TestNonHumanWord(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // test data
	pieces := []string{"svc", "Service", "bot", "ROBOT", "integration", "api", "syſtem", "system", "x", "é", " ", "bots", "-", "_", ".", ".", "-", ""}
	found := 0
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(6) {
			b.WriteString(pieces[r.IntN(len(pieces))])
		}
		want := ""
		if m := nonHumanName.FindStringSubmatch(b.String()); m != nil {
			want = m[2]
			found++
		}
		require.Equal(t, want, nonHumanWord(b.String()), "%q", b.String())
	}
	require.Greater(t, found, 2000)
}
