// Package query holds the questions that can be asked of the access graph: the Reader
// port that every engine implements whole, pages and their limits, and the choice of
// the engine that answers.
package query

import (
	"context"
	"time"

	"github.com/accessgraph/accessgraph/internal/access"
	"github.com/accessgraph/accessgraph/internal/filter"
)

// Reader answers questions about one state of the graph. Implementations are safe for
// concurrent use. All answers of one Reader are given for the same Now. Filters are
// expected to be valid (filter.Filter.Validate). Ids that do not exist give empty
// answers, not errors.
// What answers hold may be shared with other answers and must not be changed.
//
// Semantics are those of the package documentation of internal/access and ADR
// "access semantics"; every implementation must give equal answers, order included.
type Reader interface {
	// Info says which engine answers and for which graph version.
	Info() Info

	// Entities lists the entities that pass the filter, in total order.
	Entities(ctx context.Context, q EntityQuery) (EntityPage, error)
	// EntitiesByID returns the entities, removed ones included, in the order of ids, nil
	// where there is none. With Labels, Insights and Mapping filled.
	EntitiesByID(ctx context.Context, ids []string) ([]*access.Entity, error)
	// Facets counts the entities that pass the filter by each field; see Facet.
	Facets(ctx context.Context, q FacetQuery) ([]Facet, error)
	// Neighbors returns, for each id in Of, the page of grants held by it or held on it,
	// false and (where asked) ended ones included.
	Neighbors(ctx context.Context, q NeighborQuery) ([]GrantPage, error)
	// Effective returns, for each id in Of, the page of entities it reaches or that reach it.
	Effective(ctx context.Context, q EffectiveQuery) ([]AccessPage, error)
	// Chains lists, for each pair, the chains of access from From to To: shortest first,
	// then by the ids along them.
	Chains(ctx context.Context, q ChainQuery) ([]Chains, error)
	// Ranked returns the entities that pass the filter with the most related entities.
	Ranked(ctx context.Context, q RankQuery) ([]Ranked, error)
	// Nesting returns every counting grant between two live connections of the
	// integration ("" = of all), as distinct pairs sorted by (source, target), self-loops included.
	Nesting(ctx context.Context, integration string) ([]Pair, error)
}

// Info says who answered.
type Info struct {
	Engine       EngineName
	GraphVersion int64
	Now          time.Time
	AsOf         time.Time // the past moment that is answered for; zero = the present
	Simulated    bool      // changes that nobody made are counted in
}

// EngineName is memory or cypher.
type EngineName string

// The engines.
const (
	Memory EngineName = "memory"
	Cypher EngineName = "cypher"
)

// OrderField is a field that entity lists can be ordered by.
type OrderField string

// The order fields.
const (
	ByName       OrderField = "NAME"        // access.SortKey of the name
	ByType       OrderField = "TYPE"        // the type's text
	BySourceType OrderField = "SOURCE_TYPE" // access.SortKey
	ByStatus     OrderField = "STATUS"      // the status's text
	ByLastLogin  OrderField = "LAST_LOGIN_TIME"
)

// Order is one criterion. Missing values come last in both directions.
type Order struct {
	Field OrderField
	Desc  bool
}

// Page limits of every list.
const (
	DefaultFirst = 50
	MaxFirst     = 500
)

// Page asks for a part of a list: the First items after After, or the Last items
// before Before. First and Last are not both set; both zero = DefaultFirst first items.
type Page struct {
	First     int
	After     string
	Last      int
	Before    string
	WithTotal bool
}

// PageInfo says where a page lies. Total is -1 unless asked for.
type PageInfo struct {
	HasNext, HasPrevious bool
	Total                int
}

// EntityQuery asks for a list of entities. The order is OrderBy, then id; without
// OrderBy it is name, then id.
type EntityQuery struct {
	Filter  *filter.Filter
	Search  string
	OrderBy []Order
	Page    Page
}

// EntityPage is a page of entities; Cursors[i] belongs to Entities[i].
type EntityPage struct {
	Entities []*access.Entity
	Cursors  []string
	PageInfo
}

// FacetQuery asks for counts by field, under the filter as given.
type FacetQuery struct {
	Filter *filter.Filter
	Search string
	By     []filter.Field
}

// Facet is the count of entities by the values of one field. The bucket of v counts the
// entities that would also pass "field eq v", the bucket of "" those that would pass
// "field isEmpty"; so an entity with several values is in several buckets. For
// employee fields of connections and resources the values are those of the identities
// that reach them. Buckets are ordered by count, largest first, then by value;
// counts are never 0. IDENTITY_TYPE has no "" filter: "" counts those that are no identities.
type Facet struct {
	Field   filter.Field
	Buckets []Bucket
}

// Bucket is one value of a facet. Label is for people; it equals Value except for
// MANAGER, whose Value is the folded work e-mail and whose label is the manager's full
// name where an employee has that e-mail.
type Bucket struct {
	Value, Label string
	Count        int
}

// NeighborQuery asks for the grants of entities.
type NeighborQuery struct {
	Of        []string
	Direction filter.Direction // HasAccessTo: grants it holds; AccessibleBy: grants on it
	Ended     bool             // true: only ended grants (history), else only live ones
	Page      Page             // forwards only
}

// GrantPage is a page of grants, ordered by the name (SortKey) and id of the other
// end, then permission, scope, value in byte order, then From.
type GrantPage struct {
	Grants  []access.Grant
	Cursors []string
	PageInfo
}

// EffectiveQuery asks what entities reach, or what reaches them.
type EffectiveQuery struct {
	Of                []string
	Direction         filter.Direction
	Direct            bool                // only pairs with a counting grant of their own
	Filter            *filter.Filter      // on the other entity
	Permission        *filter.StringMatch // an effective permission at the target; with Direct one of the pair's own grants
	ThroughIdentities bool
	NoProviders       bool // providers are not asked for: they may stay nil
	Page              Page // forwards only; ordered by the other entity's name, then id
}

// AccessPage is a page of accesses.
type AccessPage struct {
	Edges []Access
	PageInfo
}

// Access describes the whole pair of source and target, whatever selected it.
type Access struct {
	Cursor      string
	Entity      *access.Entity // the other end
	Direct      bool           // the source has a counting grant of its own on the target
	Permissions []access.Permission
	// Providers are the ids of the connections (and, through identities, identities) other
	// than the source that the source holds and that have a counting grant on the target;
	// ordered by name (SortKey), then id.
	Providers []string
}

// Pair is an ordered pair of entity ids.
type Pair struct{ From, To string }

// Default limits of chains.
const (
	DefaultMaxDepth = 12
	DefaultChains   = 50
	MaxChainDepth   = 32
	MaxChains       = 500
)

// ChainQuery asks for the chains of pairs of entities.
type ChainQuery struct {
	Pairs             []Pair
	MaxDepth          int // hops, the last included
	First             int
	ThroughIdentities bool
}

// Chains are the chains of one pair. Truncated says that there may be more: more than
// First within MaxDepth, or longer ones.
type Chains struct {
	Chains    []Chain
	Truncated bool
}

// Chain is one way of access: distinct entity ids from source to the provider, then the
// target, which may in a cycle be one of those before it. Hops[i] holds the permissions
// of the counting grants Nodes[i] → Nodes[i+1].
type Chain struct {
	Nodes []string
	Hops  [][]access.Permission
}

// RankQuery asks for the entities with the most related ones.
type RankQuery struct {
	Filter    *filter.Filter   // which entities are ranked
	Direction filter.Direction // AccessibleBy: by how many reach it
	Related   *filter.Filter   // which related entities count
	First     int
}

// Ranked is an entity with the number of distinct related entities, itself excepted.
// Lists are ordered by count, largest first, then by name and id; zero counts are left out.
type Ranked struct {
	Entity *access.Entity
	Count  int
}
