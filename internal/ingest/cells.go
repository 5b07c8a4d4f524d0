package ingest

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
	"unicode"

	"github.com/accessgraph/accessgraph/internal/access"
)

// The layouts of a time cell.
const (
	TimeLayout = "2006-01-02 15:04:05 -0700 MST"
	timeHint   = `write it as 2023-12-14 04:42:12 +0000 UTC or as RFC 3339`
)

// ParseTime reads a time cell in either layout, in UTC and whole microseconds, which is
// what every store keeps. Go's zero time, which exports
// print for "never", reads as zero and is fine.
func ParseTime(s string) (time.Time, bool) {
	if t, ok := parseCommonTime(s); ok {
		return t, true
	}
	for _, layout := range []string{TimeLayout, time.RFC3339Nano} {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC().Truncate(time.Microsecond), true
		}
	}
	return time.Time{}, false
}

// parseCommonTime reads "2006-01-02 15:04:05 +0000 UTC", the form of nearly every cell,
// ten times faster than time.Parse.
func parseCommonTime(s string) (time.Time, bool) {
	const zone = " +0000 UTC"
	if len(s) != len("2006-01-02 15:04:05"+zone) || s[19:] != zone ||
		s[4] != '-' || s[7] != '-' || s[10] != ' ' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	num := func(from, to int) int {
		n := 0
		for _, c := range []byte(s[from:to]) {
			if c < '0' || c > '9' {
				return -1
			}
			n = n*10 + int(c-'0')
		}
		return n
	}
	y, mo, d, h, mi, sec := num(0, 4), num(5, 7), num(8, 10), num(11, 13), num(14, 16), num(17, 19)
	if y < 0 || mo < 1 || mo > 12 || d < 1 || d > 28 || h < 0 || h > 23 || mi < 0 || mi > 59 || sec < 0 || sec > 59 {
		return time.Time{}, false // days 29 to 31 go the slow way, which knows the months
	}
	return time.Date(y, time.Month(mo), d, h, mi, sec, 0, time.UTC), true
}

// DateVerdict says how a date cell reads.
type DateVerdict int

// The verdicts. DateDayFirst is a cell that reads only as DD/MM/YYYY: the whole file must
// be rejected, because its other dates were probably read with day and month swapped.
const (
	DateBad DateVerdict = iota
	DateOK
	DateDayFirst
)

// Hint is what to tell for DateDayFirst and DateBad.
func (v DateVerdict) Hint() string {
	if v == DateDayFirst {
		return "the date reads only as DD/MM/YYYY; dates must be MM/DD/YYYY or YYYY-MM-DD in the whole file"
	}
	return "write it as MM/DD/YYYY or YYYY-MM-DD"
}

// ParseDate reads a civil date, MM/DD/YYYY or YYYY-MM-DD, as midnight UTC.
func ParseDate(s string) (time.Time, DateVerdict) {
	for _, layout := range []string{"1/2/2006", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, DateOK
		}
	}
	if _, err := time.Parse("2/1/2006", s); err == nil {
		return time.Time{}, DateDayFirst
	}
	return time.Time{}, DateBad
}

// ParseBool reads true/false, yes/no, 1/0 in any case.
func ParseBool(s string) (value, ok bool) {
	switch s {
	case "true":
		return true, true
	case "false":
		return false, true
	}
	switch strings.ToLower(s) {
	case "true", "yes", "1":
		return true, true
	case "false", "no", "0":
		return false, true
	}
	return false, false
}

// ParseEmail accepts an address: one at sign between two parts without blanks or control
// characters, nothing around it. The text is returned clean, its case kept.
func ParseEmail(s string) (string, bool) {
	s = access.Clean(s)
	at := strings.IndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > 320 || strings.IndexByte(s[at+1:], '@') >= 0 {
		return "", false
	}
	for _, r := range s {
		if r > ' ' && r < 0x7f && !notInEmail[r] {
			continue
		}
		if unicode.IsSpace(r) || unicode.IsControl(r) || strings.ContainsRune(emailStops, r) {
			return "", false
		}
	}
	return s, true
}

const emailStops = `<>,;:"()[]`

var notInEmail = func() (is [0x7f]bool) {
	for _, c := range []byte(emailStops) {
		is[c] = true
	}
	return is
}()

// ParseJSONObject accepts one JSON object and returns it without needless blanks, its
// members in their order.
func ParseJSONObject(s string) (string, bool) {
	s = strings.TrimSpace(s)
	if s == "" || s[0] != '{' || !json.Valid([]byte(s)) {
		return "", false
	}
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(s)); err != nil {
		return "", false
	}
	return access.Clean(b.String()), true
}
