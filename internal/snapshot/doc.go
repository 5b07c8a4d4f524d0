// Package snapshot is the memory engine: one version of the access graph as immutable
// columns and adjacency, and a query.Reader that answers from it.
//
// Entities are numbered ("rows") in the order of (SortKey of the name, id), which is
// the order of most lists, so a set of rows read upwards is a sorted list. Texts are kept
// once each in sorted dictionaries, so a text condition is tested once per distinct value
// and nothing is folded at query time but the needle. Grants are columns sorted by
// (source row, target row, permission, scope); what traversal needs of them, the distinct
// pairs with a counting grant, is kept apart as compressed adjacency in both directions.
//
// Each pair holds the number of its set of permissions (bundles), and connections that
// reach each other are condensed into components (topology), whose closures are kept as
// lists under a budget of memory (flats).
//
// Filters are evaluated a set at a time: every node of the tree gives the set of rows
// that pass. A having clause is one closure over the graph from the set of related
// entities, whatever number of entities it is asked for. Sets that were dear to find out
// are kept (answers). No budget changes an answer.
package snapshot
