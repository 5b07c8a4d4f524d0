// Package embedded keeps everything in one SQLite file, accessgraph.db, inside a data
// folder: the store of a first run, with no server to install. It implements store.Store
// whole; storetest holds it equal to the Neo4j store. Its views are store.ChangeViews.
//
// # Processes
//
// One process may write. It holds a lock on accessgraph.lock, in which it names itself, so
// that a second one is refused with a message saying who is in the way. Any number of
// processes may open the folder with Options.ReadOnly meanwhile and see what is committed;
// they need to be able to write in the folder, where SQLite keeps its shared memory. The
// folder must be on a local disk: neither locks nor shared memory work over a network.
//
// # Durability and memory
//
// A Commit is one SQLite transaction, however large: the change sequence is streamed,
// never collected. What it holds in memory is SQLite's page cache (64 MB) and an index of
// the entities that it met last (up to about 100 MB). The file is in WAL mode with
// synchronous=FULL, since NORMAL may lose acknowledged commits on a power cut. Readers see
// the last committed state and never wait for the writer.
//
// # Layout
//
// migrations/*.sql have the tables. Grants are clustered by (source, target, permission,
// scope) with integers for the ends, since an id is 28 bytes;
// sequences come in the order of ids by walking the index of entities, so that no more than
// the grants of one source are ever sorted. A put is one upsert; a trigger keeps the
// interval that a change of value closes.
//
// # Values
//
// Times are kept as UTC microseconds; what is finer is cut off. A zero time stays zero.
// An empty Status reads back as UNKNOWN and so does an empty Tristate. Empty lists and
// maps read back as nil.
package embedded
