package querytest

import (
	"fmt"
	"math/rand/v2"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// RandomFilter makes a valid filter, nested at most depth deep, whose texts occur in
// random worlds.
func RandomFilter(r *rand.Rand, depth int) *filter.Filter {
	f := &filter.Filter{}
	if chance(r, 5) {
		return f
	}
	randomField(r, f)
	if chance(r, 15) {
		randomField(r, f)
	}
	if depth <= 0 {
		return f
	}
	if chance(r, 20) {
		f.Not = RandomFilter(r, depth-1)
	}
	if chance(r, 20) {
		for range r.IntN(3) {
			f.Or = append(f.Or, *RandomFilter(r, depth-1))
		}
	}
	if chance(r, 15) {
		for range r.IntN(3) {
			f.And = append(f.And, *RandomFilter(r, depth-1))
		}
	}
	if chance(r, 40) {
		for range 1 + r.IntN(4)/3 {
			f.Having = append(f.Having, randomHaving(r, depth-1))
		}
	}
	f.Removed = chance(r, 10)
	return f
}

func randomField(r *rand.Rand, f *filter.Filter) {
	days := func() *int { n := pick(r, []int{0, 30, 90}); return &n }
	switch r.IntN(29) {
	case 0, 1, 2, 3:
		f.Type = []access.EntityType{pick(r, access.EntityTypes)}
	case 4, 5:
		f.Name = RandomMatch(r, someNames)
	case 6:
		f.SourceType = RandomMatch(r, someSourceTypes)
	case 7:
		f.SourceID = RandomMatch(r, []string{"id-a0", "id-B1", "id-ß2", "ID"})
	case 8:
		f.Application = RandomMatch(r, []string{"GitHub", "Größe"})
	case 9:
		f.Integration = RandomMatch(r, []string{"GitHub (test)", "größe prod"})
	case 10:
		f.Project = RandomMatch(r, someProjects)
	case 11:
		f.Status = []access.Status{pick(r, access.Statuses), pick(r, access.Statuses)}
	case 12:
		f.IdentityType = []access.IdentityType{pick(r, access.IdentityTypes)}
	case 13:
		f.MfaEnabled = []access.Tristate{pick(r, access.Tristates)}
	case 14:
		f.Username = RandomMatch(r, []string{"Alice", "bob.B"})
	case 15:
		f.Email = RandomMatch(r, []string{"A@Example.com", "a@example.com"})
	case 16:
		f.Department = RandomMatch(r, someDepartments)
		if chance(r, 30) {
			f.JobTitle = RandomMatch(r, someTitles)
		}
	case 17:
		f.Manager = RandomMatch(r, []string{"Gone@example.com", "ann0@example.com", "bob1@example.com"})
	case 18:
		f.User = RandomMatch(r, []string{"ann0@example.com", "BOB1@example.com", "çem2@example.com"})
	case 19:
		f.EmployeeState = []access.EmployeeState{pick(r, access.EmployeeStates)}
		if chance(r, 30) {
			f.EmploymentType = RandomMatch(r, someTypes)
		}
	case 20:
		f.Insight = RandomMatch(r, someInsights)
	case 21:
		f.Label = RandomMatch(r, someLabels)
	case 22:
		f.InactiveForDays = days()
	case 23:
		b := chance(r, 50)
		f.NeverActive = &b
	case 24:
		f.PasswordOlderThanDays = days()
	case 25:
		f.Permission = RandomMatch(r, somePermissions)
	case 26:
		f.Factor = RandomMatch(r, someFactors)
		if chance(r, 50) {
			f.FactorStrength = []access.FactorStrength{pick(r, access.FactorStrengths)}
		}
	case 28:
		f.IDs = randomIDs(r)
	case 27:
		f.SourceSystem = RandomMatch(r, []string{"GitHub (test)"})
		ts := []access.Tristate{pick(r, access.Tristates)}
		switch r.IntN(4) {
		case 0:
			f.SuperAdmin = ts
		case 1:
			f.Administrative = ts
		case 2:
			f.External = ts
		case 3:
			f.ServiceAccount = ts
		}
	}
}

// randomIDs are ids of which some occur in random worlds; one surely does not.
func randomIDs(r *rand.Rand) []string {
	ids := []string{"e_none"}
	for range 200 {
		ids = append(ids, access.EntityKey{
			Integration: pick(r, []string{"GitHub (test) key", "größe prod key"}), Project: pick(r, someProjects), Type: pick(r, access.EntityTypes),
			SourceID: fmt.Sprintf("id-%c%d", pick(r, []rune("aBß")), r.IntN(10)),
		}.ID())
	}
	return ids
}

// RandomMatch makes a text match around texts that occur.
func RandomMatch(r *rand.Rand, from []string) *filter.StringMatch {
	m := &filter.StringMatch{}
	part := func() *string {
		s := []rune(pick(r, from))
		if len(s) > 0 {
			a := r.IntN(len(s))
			s = s[a : a+1+r.IntN(min(2, len(s)-a))]
		}
		out := string(s)
		if chance(r, 50) {
			out = access.Fold(out)
		}
		return &out
	}
	for range 1 + r.IntN(5)/4 {
		switch r.IntN(8) {
		case 0, 1:
			s := pick(r, from)
			m.Eq = &s
		case 2:
			m.In = []string{pick(r, from), pick(r, from)}
		case 3, 4:
			m.Contains = part()
		case 5:
			m.StartsWith = part()
		case 6:
			m.EndsWith = part()
		case 7:
			b := chance(r, 50)
			m.IsEmpty = &b
		}
	}
	return m
}

func randomHaving(r *rand.Rand, depth int) filter.Having {
	h := filter.Having{
		Direction: pick(r, []filter.Direction{"", filter.HasAccessTo, filter.AccessibleBy}),
		Reach:     pick(r, []filter.Reach{"", filter.Effective, filter.Effective, filter.Direct}),
	}
	if chance(r, 75) {
		h.Entity = RandomFilter(r, depth)
	}
	if chance(r, 30) {
		h.Permission = RandomMatch(r, somePermissions)
	}
	if h.Reach != filter.Direct && chance(r, 30) {
		h.Via = RandomFilter(r, depth)
	}
	switch r.IntN(4) {
	case 0:
		h.None = true
	case 1:
		n := 1 + r.IntN(3)
		h.AtLeast = &n
	}
	return h
}
