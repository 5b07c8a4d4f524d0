package main

const introduction = `# Benchmarks

<!-- Written by ` + "`make bench`" + ` (tools/bench). Do not edit. -->

Every figure is a ratio of two things that took turns in one process on one machine: A B, B A, A B, …
after warm-up rounds. Times are minimum / median / maximum over the rounds. **Ratio** is the median of the
ratios of the rounds, and decides whether a goal is met: it hardly feels a machine that is busy with other
things as well. Beside it stand its smallest and largest round and the ratio of the two medians.
For "≥" goals the ratio says how many times as fast as the peer accessgraph is, for "≤" goals how many
times as long it takes; a peer that is no time is told with its unit. Answers and stored graphs are compared before
anything is timed; one that differs fails the run. The raw figures of every run are in [benchmarks/](benchmarks).

` + "`make bench`" + ` measures again (` + "`ARGS=\"-size S,M,L\"`" + ` with the largest graph, ` + "`ARGS=\"-run lists -out docs\"`" + ` a part alone); each
table is that of the newest run that has it.

`

const storeNotes = `
### What is compared

* **The graph** is made up by a seeded generator (tools/bench/corpus.go): people in five groups each, groups
  nested in one or two others up to four levels deep, a dozen permissions a group, half a percent of false values.
  It is no demo company, whose groups hardly nest and would spare the traversals.
* **Raw inserts** (embedded) fill the same SQLite tables with the same rows: one transaction, prepared statements,
  rows in memory in the order of the primary keys, the same pragmas. The commit starts from rows in memory as well; the import
  also reads, validates, sorts and compares the CSV file.
* **The plain loader** (Neo4j) reads the same file, has its uniqueness constraint, and sends batches of 10,000 rows of
  UNWIND … MERGE: entities, then grants, with the columns of the file as properties. It does not do
  what accessgraph does besides: folded texts and sort keys, the derived IN and NESTS relationships, indexes, history,
  removals, validation and its report. The loader *of an equal graph* has accessgraph's schema and makes the same
  nodes and relationships with the same properties, which it gets from memory, without validation, history and report. A re-import by
  these two is the same load again of a file in which half of the changes are other values and half new grants: they cannot follow removals.
* **The loader that marks and sweeps** (Neo4j) is the plain one with the mark of its run on every node and relationship, after which it
  deletes what has another mark: the least that leaves an equal graph when a file lacks something. Its changed file has a third
  each of other values, new grants and removed ones; the goals are those against the plain loader, which does less.
  Before each round small files are loaded, so that the server has its plans.
  Our re-import reads and validates the file, compares it with the packed copy of the integration that the store keeps beside the
  graph, and writes the difference; the last line of the table has the writing by itself. Keeping that copy up is part of our times, the first load's too.
* **Compiled Cypher** is the statement that the Cypher reader sends (for reach without providers, as by hand); the *whole Cypher
  reader* wraps it: the same round trip shows that the graph version was the same before and after, and brings the
  entities of the page with all their properties, which the hand-written statements do not. All of them are
  asked as transactions of one statement.
* **By hand**: several shapes of each statement are tried, on the graph as accessgraph stores it (IN and NESTS included); the
  fastest with equal answers is the peer. They may rely on what holds for this graph and a compiler cannot know.
* **Memory** is the memory engine over the same graph, asked the whole question by a new reader each time. The one indexed read by which
  a server compares versions is not in it. A snapshot keeps what a filter selected, so that these rounds, which ask the same
  again, find it; what it costs to ask first is with the larger graphs.
`

const scaleNotes = `
### What is compared at scale

* **The graphs** are those of the same generator (tools/bench/model.go) in three sizes, S, M and L, with the same number of groups a person,
  levels of nesting and permissions a group. Their stores are filled by one commit, since the import is measured by itself, and the
  snapshot is loaded from the embedded store. Pairs are those of an identity and a resource that it reaches.
* **The oracle** follows grants one by one with sets. Each peer's and our answer is held to it before anything is timed: how many
  resources every single identity reaches, and a checksum of which.
* **igraph, rustworkx, DuckDB, GraphBLAS** (tools/bench/peers) have read the graph into structures of their own before the clock starts, and
  take their times themselves, so that neither starting Python nor talking to it counts. Several formulations of each are tried; the fastest is
  the peer, and where it differs from what one would write first, that is told as well. igraph and rustworkx use one core; what they do in
  several processes is told too. DuckDB and GraphBLAS use all cores.
* **The plain Go loop** is what the hardware gives: two CSR arrays, stamps instead of sets, nothing shared between identities.
* **Arrow's Parquet writer alone** writes the rows of the export, which it has as Arrow records with dictionaries of their own, with the
  export's settings and with its own; the faster is the peer.
* **By hand**: as above, on the same graph in Neo4j; everyone's access is also asked by several sessions at once, each for a part of the people.
* **Over HTTP**: the program itself, in a process of its own, with no API keys asked. Where a goal there is missed, the profile is that of the
  same requests answered in the bench's process.
* **Page queries** are the lists, searches, filters, facets, reach, reached-by and chains that pages ask, 13 kinds in equal parts, over entities drawn at random.
* **Columns** of people (departments, titles, managers) have, for a group or resource, the values of all identities that reach it, worked out by
  brute force; counting them is the one pass over the columns.
* **A bare search** visits all that one identity reaches, breadth first; chains and cuts are asked of the same identities.
* **A refresh** follows a commit of 1 % of the grants, half of them removals. The full load is of the same state, and both must say the
  same about thousands of identities. Reads are first pages of one identity's reach, one after the other without a pause.
* **Bytes a grant** are those of its place in the table, its pair in both directions and what it gives; bytes an entity those of its attributes and of
  finding it. Texts are apart. What the program's memory grew by when the snapshot was loaded stands beside it.
* **Warm** questions are asked again of the same snapshot; **cold** is the first question to a snapshot that was just loaded.
* **One pass over all edges**, and over the columns, reads each number once on one core.
`
