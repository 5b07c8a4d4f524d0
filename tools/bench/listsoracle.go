package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/accessgraph/accessgraph/internal/access"
)

// checkHaving holds a question of havingQuestions to brute force: everybody's reach is
// followed, and those who reach a target are ordered as the product orders them.
func (g *sized) checkHaving(q question, got []string) error {
	targets := make([]bool, g.Resources)
	for r := range targets {
		e := g.entity(g.firstResource()+uint32(r), "") //nolint:gosec // an index
		switch {
		case q.params["name"] != nil:
			targets[r] = access.Fold(e.Name) == q.params["name"]
		case q.params["sourceType"] != nil:
			targets[r] = e.SourceType == q.params["sourceType"]
		default:
			targets[r] = true
		}
	}
	type found struct{ key, id string }
	var people []found
	s, prev := g.csr.scratch(), make([]uint32, g.Groups+g.Resources)
	for person := range uint32(g.People) { //nolint:gosec // an index
		g.csr.search(person, s, prev)
		reaches := slices.ContainsFunc(s.stack, func(row uint32) bool {
			return slices.ContainsFunc(g.csr.own.of(row), func(r uint32) bool { return targets[r] })
		})
		if reaches {
			people = append(people, found{access.Fold(fmt.Sprintf("Person %d", person)), g.ids[person]})
		}
	}
	slices.SortFunc(people, func(a, b found) int { return cmp.Or(strings.Compare(a.key, b.key), strings.Compare(a.id, b.id)) })
	want := []string{fmt.Sprint("total ", len(people))}
	for _, p := range people[:min(len(people), q.limit)] {
		want = append(want, p.id)
	}
	return sameAnswer(got, want)
}
