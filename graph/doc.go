// Package graph is the GraphQL interface.
package graph
