"""Everyone's effective access with DuckDB: recursive CTEs over an edge table, on all cores."""

import types

import duckdb
import numpy as np

import peer

# What an analyst writes today: one recursion over all edges, distinct by UNION.
PLAIN = """
WITH RECURSIVE reach(person, node) AS (
  SELECT source, target FROM edge WHERE source < {people}
  UNION
  SELECT r.person, e.target FROM reach r JOIN edge e ON e.source = r.node
)
SELECT person, node - {first} AS resource FROM reach WHERE node >= {first}
"""

# The recursion over groups of each person alone, resources by one join at the end.
GROUPS_OF_PEOPLE = """
WITH RECURSIVE holds(person, node) AS (
  SELECT source, target FROM nests WHERE source < {people}
  UNION
  SELECT h.person, n.target FROM holds h JOIN nests n ON n.source = h.node
)
SELECT person, target - {first} AS resource FROM (
  SELECT h.person, o.target FROM holds h JOIN gives o ON o.source = h.node
  UNION
  SELECT source, target FROM gives WHERE source < {people}
)
"""

# The recursion over groups alone, once for all people.
GROUPS = """
WITH RECURSIVE closure(node, above) AS (
  SELECT DISTINCT target, target FROM nests
  UNION
  SELECT c.node, n.target FROM closure c JOIN nests n ON n.source = c.above
),
given(node, target) AS (
  SELECT DISTINCT c.node, o.target FROM closure c JOIN gives o ON o.source = c.above
)
SELECT person, target - {first} AS resource FROM (
  SELECT n.source AS person, g.target FROM nests n JOIN given g ON g.node = n.target WHERE n.source < {people}
  UNION
  SELECT source, target FROM gives WHERE source < {people}
)
"""


def load(graph):
    state = types.SimpleNamespace(graph=graph, db=duckdb.connect(":memory:"))
    everything = {"source": graph.source.astype(np.int32), "target": graph.target.astype(np.int32)}  # noqa: F841 (DuckDB reads it by name)
    state.db.execute("CREATE TABLE edge AS SELECT source, target FROM everything")
    state.db.execute(f"CREATE TABLE nests AS SELECT * FROM edge WHERE target < {graph.first_resource}")
    state.db.execute(f"CREATE TABLE gives AS SELECT * FROM edge WHERE target >= {graph.first_resource}")
    return state


def way(text):
    def statement(state):
        return text.format(people=state.graph.people, first=state.graph.first_resource)

    def run(state):
        # The pairs are distinct, so counting them is the whole answer.
        with_, _, select = statement(state).rpartition("\nSELECT person, ")
        return state.db.execute(f"{with_}\nSELECT count(*) FROM (SELECT person, {select})").fetchone()[0]

    def check(state):
        pairs = state.db.execute(statement(state)).fetchnumpy()
        return peer.summed(state.graph.people, np.asarray(pairs["person"]), np.asarray(pairs["resource"]))

    return run, check


peer.serve(
    f"DuckDB {duckdb.__version__}",
    load,
    {
        "one recursion over all edges": way(PLAIN),
        "recursion over the groups of each person, resources at the end": way(GROUPS_OF_PEOPLE),
        "recursion over groups alone, people at the end": way(GROUPS),
    },
)
