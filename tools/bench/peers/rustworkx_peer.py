"""Everyone's effective access with rustworkx: descendants() is its traversal in Rust.

It makes a Python set of each person's descendants, groups among them, so those without
resources are counted too and taken away; the other way looks through the sets.
"""

import types

import numpy as np
import rustworkx

import peer


def build(entities, source, target):
    g = rustworkx.PyDiGraph(multigraph=False)
    g.add_nodes_from(range(entities))
    g.add_edges_from_no_data(list(zip(source.tolist(), target.tolist())))
    return g


def load(graph):
    state = types.SimpleNamespace(graph=graph)
    state.whole = build(graph.entities, graph.source, graph.target)
    state.upper = build(graph.first_resource, *graph.without_resources())
    state.workers = peer.Workers(state, lambda s, people: sum(sizes(s, people)))
    return state


def sizes(state, people):
    whole, upper, descendants = state.whole, state.upper, rustworkx.descendants
    return [len(descendants(whole, p)) - len(descendants(upper, p)) for p in people]


def looked_through(state, people):
    first = state.graph.first_resource
    return [sum(1 for n in rustworkx.descendants(state.whole, p) if n >= first) for p in people]


def sums_of(state):
    graph = state.graph
    sums = np.zeros(graph.people, dtype=np.uint64)
    for p in range(graph.people):
        reached = np.fromiter(rustworkx.descendants(state.whole, p), dtype=np.int64)
        sums[p] = peer.pair_sums(reached[reached >= graph.first_resource] - graph.first_resource).sum(dtype=np.uint64)
    return sums


def everybody(state):
    return range(state.graph.people)


peer.serve(
    f"rustworkx {rustworkx.__version__}",
    load,
    {
        "descendants, with and without resources": (
            lambda s: sum(sizes(s, everybody(s))),
            lambda s: (np.array(sizes(s, everybody(s))), sums_of(s)),
        ),
        "descendants, looked through": (
            lambda s: sum(looked_through(s, everybody(s))),
            lambda s: (np.array(looked_through(s, everybody(s))), sums_of(s)),
        ),
        "descendants in as many processes as cores": (
            lambda s: s.workers.run(),
            lambda s: (np.array(sizes(s, everybody(s))), sums_of(s)),
        ),
    },
)
