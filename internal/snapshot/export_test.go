package snapshot

// KeepUnions bounds the unions of permissions that s keeps, for tests of what happens beyond.
func KeepUnions(s *Snapshot, n int) { s.bundles.limit = n }

// KeepFlats sets how many bytes of flat lists s keeps, and has them made when they are
// first asked for.
func KeepFlats(s *Snapshot, budget int64) {
	s.topology.flats.budget.Store(budget)
	for c := range s.topology.flats.asked {
		s.topology.flats.asked[c].Store(true)
	}
}

// FlatBytes is how many bytes of flat lists s holds.
func FlatBytes(s *Snapshot) int64 { return s.topology.flats.bytes.Load() }

// KeepAnswers sets how many bytes of answers to filter nodes s keeps.
// and whether it keeps what people reach.
func KeepAnswers(s *Snapshot, budget int64) {
	s.answers.less = answerBudget - budget
	if budget == 0 {
		s.reached.fewer = maxReachedPairs
	}
}

// AnswerBytes is how many bytes of answers s holds.
func AnswerBytes(s *Snapshot) int64 { return s.answers.bytes }

// Forget empties what s keeps of what it was asked.
func Forget(s *Snapshot) {
	s.topology.flats = newFlats(s.topology.components())
	s.answers.sets, s.answers.bytes = nil, 0
	s.reached.of = nil
}
