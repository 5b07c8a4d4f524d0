package ingest

import (
	"unicode/utf8"

	"github.com/accessgraph/accessgraph/internal/access"
)

// normal reads a non-empty cell of this kind into the form of values. A code says what is
// wrong with it; the hint says how to write it.
func (k cellKind) normal(cell []byte) (v, code, hint string) {
	s := string(cleanCell(cell))
	switch k {
	case emailCell:
		if v, ok := ParseEmail(s); ok {
			return v, "", ""
		}
		return "", CodeEmail, "it is not an e-mail address"
	case statusCell:
		if st, ok := access.ParseStatus(s); ok {
			return string(st), "", ""
		}
		return "", CodeEnum, "the statuses are active, inactive, suspended, locked, deleted, unknown"
	case timeCell:
		t, ok := ParseTime(s)
		switch {
		case !ok:
			return "", CodeTime, timeHint
		case t.IsZero():
			return "", "", "" // "never"
		}
		return string(appendTime(nil, t)), "", ""
	case boolCell:
		b, ok := ParseBool(s)
		if !ok {
			return "", CodeBool, boolHint
		}
		return string(access.TristateOf(b)), "", ""
	case factorsCell:
		return joinFactors(s), "", ""
	case jsonCell:
		if v, ok := ParseJSONObject(s); ok {
			return v, "", ""
		}
		return "", CodeJSON, "it is not a JSON object"
	}
	return s, "", ""
}

const boolHint = "write true or false, yes or no, 1 or 0"

// cleanCell is access.Clean of a trimmed cell; ASCII, which is nearly everything, is
// clean already and not copied.
func cleanCell(cell []byte) []byte {
	for _, c := range cell {
		if c >= utf8.RuneSelf {
			return []byte(access.Clean(string(cell)))
		}
	}
	return cell
}
