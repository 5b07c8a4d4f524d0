// Package neo4j keeps everything in a Neo4j database (5.26 or later), the system of
// record that several servers share. It implements the whole of store.Store; the
// Cypher Reader of package query lives here as well.
//
// Writers wait for one another at the version node. A commit is one transaction; one
// that is too large for a transaction is first written as a change set under a
// manifest and then applied in batches, which any server finishes when the writer
// died (see load.go). While that goes on the graph is between two versions: Version
// answers the old one, reading the graph answers UNAVAILABLE.
package neo4j
