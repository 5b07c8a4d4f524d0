package model

// Explanations is what explains the graph of its context: the present, a past moment or a
// simulation.
type Explanations struct{}
