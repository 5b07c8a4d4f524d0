// Package demo makes up a company: its people and their access in eight applications,
// with the faults that real companies have. The same seed, size and day give the same
// company, byte for byte, and any size up to millions of grants can be streamed.
package demo

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
	"unicode"

	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"
)

// Options say which company to make.
type Options struct {
	Employees int       // at least 20
	Seed      uint64    // 0 is a seed like any other
	Today     time.Time // the day that joiners, leavers and logins are relative to
}

// Company is a made-up company. It is safe for concurrent reading.
type Company struct {
	seed   uint64
	today  time.Time // midnight UTC
	people []person
	teams  []team
}

// MinEmployees is the smallest company that has every department.
const MinEmployees = 20

// New makes the people of a company; their access is made while it is written.
func New(o Options) (*Company, error) {
	if o.Employees < MinEmployees {
		return nil, fmt.Errorf("a demo company has at least %d employees, not %d", MinEmployees, o.Employees)
	}
	y, m, d := o.Today.Date()
	c := &Company{seed: o.Seed, today: time.Date(y, m, d, 0, 0, 0, 0, time.UTC)}
	c.hire(o.Employees)
	return c, nil
}

// random is the source for one topic: topics do not disturb one another, so that an
// application's data does not change when another application grows.
func (c *Company) random(topic string) *rand.Rand {
	var h uint64 = 14695981039346656037 // FNV-1a
	for i := range len(topic) {
		h = (h ^ uint64(topic[i])) * 1099511628211
	}
	return rand.New(rand.NewPCG(c.seed, h)) //nolint:gosec // a demo needs repeatable numbers, not secret ones
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

func chance(r *rand.Rand, percent float64) bool { return r.Float64()*100 < percent }

func (c *Company) daysAgo(n int) time.Time { return c.today.AddDate(0, 0, -n) }

var toASCII = runes.Remove(runes.In(unicode.Mn))

// handle is a name as it stands in an address: lower-case ASCII.
func handle(s string) string {
	plain, _, err := transform.String(transform.Chain(norm.NFD, toASCII, norm.NFC), s)
	if err != nil {
		plain = s
	}
	replacer := strings.NewReplacer("ø", "o", "ł", "l", "ß", "ss", "æ", "ae", "ı", "i", "'", "", " ", "-")
	var b strings.Builder
	for _, r := range replacer.Replace(strings.ToLower(plain)) {
		if r < 128 {
			b.WriteRune(r)
		}
	}
	return b.String()
}
