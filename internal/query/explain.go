package query

import (
	"context"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// Explainer answers why there is access, why there is none, and what holds it up; it is
// part of what a Whole answers. Answers follow the rules of Reader:
// filters are valid, ids that do not exist give empty answers, answers do not depend on
// the number of cores, and what they hold must not be changed.
type Explainer interface {
	// Info says for which graph version the answers are.
	Info() Info

	// Shortest yields the shortest chain of every pair of a source and a target that it
	// reaches, itself excepted; sources in the order of names and ids, and so the targets
	// of each. Of several shortest chains it is the first by the ids along it. An error of
	// yield ends it and is returned.
	Shortest(ctx context.Context, q ShortestQuery, yield func(Chain) error) (Yielded, error)
	// Missing lists the single new grants that would give access where there is none.
	Missing(ctx context.Context, q MissingQuery) (Missing, error)
	// Cut finds a set of grants of least weight whose removal ends all access from some
	// entities to others. INVALID_INPUT when an entity is on both sides.
	Cut(ctx context.Context, q CutQuery) (Cut, error)
	// Joining tells, for each entity, what it would reach more if it became a member of
	// the group.
	Joining(ctx context.Context, q JoinQuery) ([]Gain, error)
	// Newcomers tells which entities would reach the target if they joined the group.
	Newcomers(ctx context.Context, q NewcomerQuery) (Newcomers, error)
	// Critical finds the grants on which most access depends.
	Critical(ctx context.Context, q CriticalQuery) (Critical, error)
}

// Progress is told how much of the work is done; total does not change. It is called
// from one goroutine at a time, and need not be set.
type Progress func(done, total int)

// ShortestQuery asks for the shortest chains between two sets.
type ShortestQuery struct {
	From, To          *filter.Filter
	ThroughIdentities bool
	Limit             int // chains in all; 0 = all of them
	Progress          Progress
}

// Yielded says how much was yielded; Truncated that there was more than the limit.
type Yielded struct {
	Count     int
	Truncated bool
}

// MissingOrder is an order of missing grants.
type MissingOrder string

// The orders of missing grants. What is equal in one number is ordered by the next.
const (
	// Nearest: the length of the chain, Others, Gained.
	Nearest MissingOrder = "NEAREST"
	// LeastPrivilege: Others, Gained, the length of the chain.
	LeastPrivilege MissingOrder = "LEAST_PRIVILEGE"
)

// MissingQuery asks why From does not reach To.
type MissingQuery struct {
	From, To          string
	Permission        *filter.StringMatch // an effective permission at To; nil = any access
	ThroughIdentities bool
	Order             MissingOrder // "" = Nearest
	First             int          // grants, and ways of others; 0 = DefaultMissing
}

// DefaultMissing and MaxMissing limit the lists of a Missing.
const (
	DefaultMissing = 10
	MaxMissing     = 100
)

// Missing is the answer to why there is no access. When there is access, Reached is true
// and there is nothing else.
type Missing struct {
	Reached bool
	// Grants are single new grants, each of which would give the access: from a holder of
	// From (itself or what it is a member of, however deep) to To, or to a connection that
	// leads to To. Total counts them all.
	Grants []MissingGrant
	Total  int
	// Others is how many identities reach To in the way asked for; Ways is how they get in.
	Others   int
	Ways     []Way
	WaysMore bool // there are more ways than listed
}

// MissingGrant is a grant that is not there.
type MissingGrant struct {
	Source, Target string
	// Permission is what those who hold something on Target mostly hold: of the same type
	// as Source when there are any; for To one that was asked for. Empty when nobody does.
	Permission access.Permission
	// Chain would be the shortest one through the new grant; the hop of the grant itself
	// holds Permission alone.
	Chain Chain
	// Gained is how many entities From would reach more, To included when it is new.
	Gained int
	// Others is how many other identities would come to reach To in the way asked for.
	Others int
	// Peers is how many identities hold something on Target themselves and thereby reach To.
	Peers int
}

// Way is the first step by which identities reach a target: a connection that they are
// direct members of, or (Direct) a grant on the target itself. One who has several ways
// counts in each.
type Way struct {
	Entry      string // empty when Direct
	Direct     bool
	Identities int
	Length     int // hops of the shortest chain that begins so
}

// CutQuery asks for the cheapest way to end access.
type CutQuery struct {
	From, To []string
	// FromFilter and ToFilter add the entities that pass; nil = none.
	FromFilter, ToFilter *filter.Filter
	// Permission: only the effective permissions that match are to end; nil = all access.
	Permission        *filter.StringMatch
	ThroughIdentities bool
	// Weight is what the removal of a grant costs; 0 or less = it has to stay. nil = 1 each.
	Weight func(access.Grant) int64
	// NearTarget chooses, of all least cuts, the one nearest to the targets.
	NearTarget bool
	// Chains limits how many chains of the proof are returned; 0 = DefaultChains.
	Chains int
}

// Cut is a set of grants of least weight without which no From reaches a To. Of several it
// is the one nearest to the sources: what the sources still hold afterwards is the
// least possible (or, NearTarget, what still leads to the targets). That one is unique.
type Cut struct {
	// Grants, ordered by source, target (name, id), permission, scope. Empty: there is no
	// access to end.
	Grants []access.Grant
	// Weight is the sum of their weights; Flow that of the proof. They are worked out apart
	// and are equal: so many disjoint chains cannot be ended by fewer grants.
	Weight, Flow int64
	// Proof is chains that share no grant, up to the weight: shortest first.
	Proof      []ProofChain
	ProofTotal int
	// Impossible: a chain of grants that all have to stay; it is the Proof.
	Impossible bool
}

// ProofChain is one of the chains that share no more than the weight of each grant.
type ProofChain struct {
	Nodes  []string
	Weight int64
}

// JoinQuery asks what membership in a group would give.
type JoinQuery struct {
	Of                []string
	Group             string
	ThroughIdentities bool
	First             int // gained targets listed for each, by name and id; 0 = DefaultFirst
}

// Gain is what an entity would come to reach: Targets is the beginning of the list.
// Permissions that it would gain on what it reaches already are not counted.
type Gain struct {
	Of      string
	Member  bool // it is a member already: there is nothing to gain
	Count   int
	Targets []string
}

// NewcomerQuery asks who could reach a target by joining a group.
type NewcomerQuery struct {
	Group, Target     string
	Who               *filter.Filter // of whom; nil = identities
	Permission        *filter.StringMatch
	ThroughIdentities bool
	First             int // 0 = DefaultFirst
}

// Newcomers are entities that do not reach the target (with the permission asked for)
// but would as members of the group; none when the group itself does not. Ordered by name
// and id; Who is the beginning of the list.
type Newcomers struct {
	Count int
	Who   []string
}

// CriticalQuery asks for the grants whose loss ends most access.
type CriticalQuery struct {
	Identities        *filter.Filter // whose access counts; nil = all identities
	Targets           *filter.Filter // access to what counts; nil = everything
	ThroughIdentities bool
	First             int // 0 = DefaultFirst
	Progress          Progress
}

// Critical lists grants by the pairs lost without them, most first, then by source and
// target (name, id). Grants that nobody's access depends on are left out.
type Critical struct {
	Grants []CriticalGrant
	Total  int   // grants that somebody's access depends on
	Pairs  int64 // pairs of an identity and a target that it reaches, in all
}

// CriticalGrant is a grant that alone holds up access.
type CriticalGrant struct {
	Grant      access.Grant
	Lost       int64 // pairs of an identity and a target that it would no longer reach
	Identities int   // how many identities would lose something
}
