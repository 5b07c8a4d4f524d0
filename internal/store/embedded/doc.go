// Package embedded keeps everything in one SQLite file, accessgraph.db, inside a data
// folder: the store of a first run, with no server to install. It implements store.Store
// whole; storetest holds it equal to the Neo4j store.
//
// # Processes
//
// One process may write. It holds a lock on accessgraph.lock, in which it names itself, so
// that a second one is refused with a message saying who is in the way. Any number of
// processes may open the folder with Options.ReadOnly meanwhile and see what is committed.
//
// # Durability
//
// A Commit is one SQLite transaction, however large: the change sequence is streamed,
// never collected. The file is in WAL mode with synchronous=FULL, since NORMAL may lose
// acknowledged commits on a power cut. Readers see the last committed state and never
// wait for the writer.
//
// # Values
//
// Times are kept as UTC microseconds; what is finer is cut off. A zero time stays zero.
// An empty Status reads back as UNKNOWN and so does an empty Tristate. Empty lists and
// maps read back as nil. The table layout is migrations/0001_schema.sql.
package embedded
