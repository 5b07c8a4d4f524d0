package main

import (
	"fmt"
	"strings"
)

// graphSize is how large a made-up graph is. The structure is the same at every size:
// groups per person, nesting and permissions per group are those of newCorpus; the parts
// are chosen so that entities and grants come to what the name promises.
type graphSize struct {
	Name      string `json:"name"`
	People    int    `json:"people"`
	Groups    int    `json:"groups"`
	Resources int    `json:"resources"`
	// Staff: people are employees with departments, titles and managers, and some entities
	// have labels and insights, so that every facet has something to count.
	Staff bool `json:"staff,omitempty"`
}

// The sizes, and the tiny ones that take their places where nothing is measured.
var (
	sizeS = graphSize{Name: "S", People: 20_000, Groups: 4_000, Resources: 6_000}
	sizeM = graphSize{Name: "M", People: 199_500, Groups: 39_900, Resources: 80_600, Staff: true}
	sizeL = graphSize{Name: "L", People: 1_125_000, Groups: 298_000, Resources: 77_000}

	tinyS = graphSize{Name: "S", People: 120, Groups: 40, Resources: 60}
	tinyM = graphSize{Name: "M", People: 300, Groups: 60, Resources: 120, Staff: true}
	tinyL = graphSize{Name: "L", People: 6_500, Groups: 1_500, Resources: 1_500} // large enough for its snapshot to be saved
)

func (z graphSize) entities() int { return z.People + z.Groups + z.Resources }

// sizesOf are the sizes of a list like "S,M".
func sizesOf(list string, tiny bool) (map[string]graphSize, error) {
	known := []graphSize{sizeS, sizeM, sizeL}
	if tiny {
		known = []graphSize{tinyS, tinyM, tinyL}
	}
	out := map[string]graphSize{}
next:
	for name := range strings.SplitSeq(list, ",") {
		for _, z := range known {
			if strings.EqualFold(strings.TrimSpace(name), z.Name) {
				out[z.Name] = z
				continue next
			}
		}
		return nil, fmt.Errorf("-size: unknown size %q: choose of S, M, L", name)
	}
	return out, nil
}
