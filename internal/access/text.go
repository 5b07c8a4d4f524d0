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
// folding. It is idempotent. Folding is done here alone; no database folds or compares
// text by itself.
func Fold(s string) string {
	if ascii, lower := isASCII(s); lower {
		return s
	} else if ascii {
		return strings.ToLower(s)
	}
	return foldUnicode(s)
}

func foldUnicode(s string) string {
	// Decomposed first, as the Unicode Standard's canonical caseless matching (D145)
	// has it: U+0345 folds to a letter, which changes how marks around it compose.
	return norm.NFC.String(cases.Fold().String(strings.Map(cherokee, norm.NFD.String(s))))
}

// cherokee maps small Cherokee letters to capital ones: cases.Fold swaps the two cases
// of that script instead of joining them.
func cherokee(r rune) rune {
	switch {
	case 0xAB70 <= r && r <= 0xABBF:
		return r - 0xAB70 + 0x13A0
	case 0x13F8 <= r && r <= 0x13FD:
		return r - 8
	}
	return r
}

// SortKey is the lower-case hex of the fold: pure ASCII, so that every database
// orders it as Go orders the folded bytes.
func SortKey(s string) string { return hex.EncodeToString([]byte(Fold(s))) }

// isASCII reports whether s is ASCII, and whether it has no capital letter either.
func isASCII(s string) (ascii, lower bool) {
	lower = true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= utf8.RuneSelf:
			return false, false
		case 'A' <= c && c <= 'Z':
			lower = false
		}
	}
	return true, lower
}
