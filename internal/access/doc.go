// Package access is the vocabulary of accessgraph: entities, grants, people,
// applications and integrations, how they are identified and how their text is
// compared. It holds plain values, imports nothing else of this module and does
// no input or output, so that every layer can speak it.
package access
