package main

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// model is a made-up graph as plain arrays, for every size. At the size of a corpus it
// is the corpus: the same entities and grants, drawn in the same order. Entities are
// numbered: people, then groups, then resources.
type model struct {
	graphSize
	seed uint64

	login  []uint16 // of people: month*32 + day
	mfa    []bool
	from   []uint32 // grants, by source
	to     []uint32
	permit []uint8 // index into modelPermissions
	gives  []bool  // false: a grant that gives nothing
}

var modelPermissions = []string{"member", "read", "write", "admin"}

// modelVersion is part of the names of cached files: another generator, another number.
const modelVersion = 1

// newModel draws the graph of a size; the same size and seed give the same graph.
func newModel(z graphSize, seed uint64) *model {
	r := rand.New(rand.NewPCG(seed, 7)) //nolint:gosec // made-up data
	m := &model{graphSize: z, seed: seed, login: make([]uint16, z.People), mfa: make([]bool, z.People)}
	for i := range m.login {
		m.login[i] = uint16((1 + r.IntN(12)) * 32) //nolint:gosec // below 13*32
		m.login[i] += uint16(1 + r.IntN(28))       //nolint:gosec // below 32
		m.mfa[i] = r.IntN(2) == 0
	}
	group := func(i int) uint32 { return uint32(z.People + i) }               //nolint:gosec // fewer than 2^32
	resource := func(i int) uint32 { return uint32(z.People + z.Groups + i) } //nolint:gosec // fewer than 2^32
	first := 0                                                                // of the source at hand
	grant := func(from, to uint32, permission uint8) {
		for i := first; i < len(m.to); i++ {
			if m.to[i] == to && m.permit[i] == permission {
				return
			}
		}
		m.from, m.to, m.permit = append(m.from, from), append(m.to, to), append(m.permit, permission)
		m.gives = append(m.gives, r.IntN(200) != 0)
	}
	// Each ten people (at every size as many groups apart) choose among 60 groups.
	stride := 67 * z.Groups / 4_000
	for i := range z.People {
		first = len(m.to)
		for range 5 {
			grant(uint32(i), group((i*z.Groups/(2*z.People)+r.IntN(60)*stride)%z.Groups), 0) //nolint:gosec // an index
		}
		if r.IntN(2) == 0 {
			grant(uint32(i), resource(r.IntN(z.Resources)), 1) //nolint:gosec // an index
		}
	}
	for i := range z.Groups {
		first = len(m.to)
		if older := i / 3; i > z.Groups/20 {
			grant(group(i), group(r.IntN(older)), 0)
			if r.IntN(2) == 0 {
				grant(group(i), group(r.IntN(older)), 0)
			}
		}
		for range 12 {
			to := resource(r.IntN(z.Resources))
			grant(group(i), to, uint8(1+r.IntN(3))) //nolint:gosec // below 4
		}
	}
	return m
}

func (m *model) grants() int { return len(m.to) }

// firstResource is the number of the first resource.
func (m *model) firstResource() uint32 { return uint32(m.People + m.Groups) } //nolint:gosec // fewer than 2^32

func (m *model) isGroup(n uint32) bool {
	return n >= uint32(m.People) && n < m.firstResource() //nolint:gosec // fewer than 2^32
}

// sourceID is the source id of an entity.
func (m *model) sourceID(n uint32) string {
	switch i := int(n); {
	case i < m.People:
		return fmt.Sprintf("u-%06d", i)
	case i < m.People+m.Groups:
		return fmt.Sprintf("g-%06d", i-m.People)
	default:
		return fmt.Sprintf("r-%06d", i-m.People-m.Groups)
	}
}

func (m *model) lastLogin(person int) time.Time {
	return time.Date(2024, time.Month(m.login[person]/32), int(m.login[person]%32), 8, 30, 0, 0, time.UTC)
}

// byTarget are the grants, as places in the arrays, with those of a source in the order
// of targets and permissions.
func (m *model) byTarget() []uint32 {
	order := make([]uint32, len(m.to))
	for i := range order {
		order[i] = uint32(i) //nolint:gosec // an index
	}
	for lo := 0; lo < len(order); {
		hi := lo
		for hi < len(order) && m.from[hi] == m.from[lo] {
			hi++
		}
		slices.SortFunc(order[lo:hi], func(a, b uint32) int {
			if m.to[a] != m.to[b] {
				return int(m.to[a]) - int(m.to[b])
			}
			return int(m.permit[a]) - int(m.permit[b])
		})
		lo = hi
	}
	return order
}
