package filter

import (
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/accessgraph/accessgraph/internal/access"
)

// Neutral reports whether the match restricts nothing.
func (m *StringMatch) Neutral() bool {
	return m == nil || (m.Eq == nil && len(m.In) == 0 && m.Contains == nil && m.StartsWith == nil && m.EndsWith == nil && m.IsEmpty == nil)
}

// clean returns the match with its texts in NFC, or nil when it is neutral.
func (m *StringMatch) clean() *StringMatch {
	if m.Neutral() {
		return nil
	}
	nfc := func(p *string) *string {
		if p == nil {
			return nil
		}
		s := norm.NFC.String(*p)
		return &s
	}
	c := StringMatch{Eq: nfc(m.Eq), Contains: nfc(m.Contains), StartsWith: nfc(m.StartsWith), EndsWith: nfc(m.EndsWith), IsEmpty: m.IsEmpty}
	for _, s := range m.In {
		c.In = append(c.In, norm.NFC.String(s))
	}
	return &c
}

// Value tests a field that has one value; "" is a missing value. With email set, Eq and
// In ignore case.
func (m *StringMatch) Value(v string, email bool) bool {
	if v == "" {
		return m.missing()
	}
	if m.IsEmpty != nil && *m.IsEmpty {
		return false
	}
	return m.present(v, email)
}

// AnyOf tests a field that has several values, none of them empty.
func (m *StringMatch) AnyOf(values []string) bool {
	if len(values) == 0 {
		return m.missing()
	}
	if m.IsEmpty != nil && *m.IsEmpty {
		return false
	}
	for _, v := range values {
		if m.present(v, false) {
			return true
		}
	}
	return false
}

// missing: only IsEmpty = true matches a missing value, and any other condition fails on it.
func (m *StringMatch) missing() bool {
	return m.IsEmpty != nil && *m.IsEmpty &&
		m.Eq == nil && len(m.In) == 0 && m.Contains == nil && m.StartsWith == nil && m.EndsWith == nil
}

func (m *StringMatch) present(v string, email bool) bool {
	same := func(a string) bool { return a == v }
	if email {
		folded := access.Fold(v)
		same = func(a string) bool { return access.Fold(a) == folded }
	}
	if m.Eq != nil && !same(*m.Eq) {
		return false
	}
	if len(m.In) > 0 {
		found := false
		for _, s := range m.In {
			if same(s) {
				found = true
				break
			}
		}
		if !found {
			return false
		}
	}
	if m.Contains == nil && m.StartsWith == nil && m.EndsWith == nil {
		return true
	}
	folded := access.Fold(v)
	return (m.Contains == nil || strings.Contains(folded, access.Fold(*m.Contains))) &&
		(m.StartsWith == nil || strings.HasPrefix(folded, access.Fold(*m.StartsWith))) &&
		(m.EndsWith == nil || strings.HasSuffix(folded, access.Fold(*m.EndsWith)))
}
