package access

import (
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

// TestFoldOfASCII: the short way for ASCII gives what the long one gives.
func TestFoldOfASCII(t *testing.T) {
	for a := range utf8.RuneSelf {
		for b := range utf8.RuneSelf {
			s := string([]byte{byte(a), 'M', byte(b)})
			require.Equal(t, foldUnicode(s), Fold(s), "%q", s)
		}
	}
}
