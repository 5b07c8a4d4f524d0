package snapshot

// KeepUnions bounds the unions of permissions that s keeps, for tests of what happens beyond.
func KeepUnions(s *Snapshot, n int) { s.bundles.limit = n }
