package access

import (
	"encoding/hex"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Clean is the form in which text enters the graph: valid UTF-8, NFC, without
// surrounding white space.
func Clean(s string) string {
	return norm.NFC.String(strings.TrimSpace(strings.ToValidUTF8(s, string(utf8.RuneError))))
}

// Fold is the form in which text is compared without case: NFC and full Unicode case
// folding. Folding is done here alone; no database folds or compares text by itself.
func Fold(s string) string {
	if isLowerASCII(s) {
		return s
	}
	return norm.NFC.String(cases.Fold().String(norm.NFC.String(s)))
}

// SortKey is the lower-case hex of the fold: pure ASCII, so that every database
// orders it as Go orders the folded bytes.
func SortKey(s string) string { return hex.EncodeToString([]byte(Fold(s))) }

func isLowerASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c >= utf8.RuneSelf || ('A' <= c && c <= 'Z') {
			return false
		}
	}
	return true
}
