"""Everyone's effective access with python-igraph: the C library, one core.

neighborhood_size is its own loop over many vertices in C. It counts groups as well, so
the same is counted without resources and taken away.
"""

import types

import igraph
import numpy as np

import peer


def load(graph):
    state = types.SimpleNamespace(graph=graph)
    state.whole = igraph.Graph(n=graph.entities, edges=np.column_stack((graph.source, graph.target)), directed=True)
    source, target = graph.without_resources()
    state.upper = igraph.Graph(n=graph.first_resource, edges=np.column_stack((source, target)), directed=True)
    state.workers = peer.Workers(state, lambda s, people: sizes(s, list(people)).sum())
    return state


def sizes(state, people):
    def of(g):
        return np.array(g.neighborhood_size(vertices=people, order=g.vcount(), mode="out"), dtype=np.int64)

    return of(state.whole) - of(state.upper)


def lists(state, people):
    for person in people:
        reached = np.array(state.whole.subcomponent(person, mode="out"), dtype=np.int64)
        yield person, reached[reached >= state.graph.first_resource]


def sums_of(state):
    sums = np.zeros(state.graph.people, dtype=np.uint64)
    for person, reached in lists(state, range(state.graph.people)):
        sums[person] = peer.pair_sums(reached - state.graph.first_resource).sum(dtype=np.uint64)
    return sums


def everybody(state):
    return list(range(state.graph.people))


peer.serve(
    f"igraph {igraph.__version__}",
    load,
    {
        "neighborhood_size, with and without resources": (
            lambda s: sizes(s, everybody(s)).sum(),
            lambda s: (sizes(s, everybody(s)), sums_of(s)),
        ),
        "subcomponent of each": (
            lambda s: sum(len(reached) for _, reached in lists(s, everybody(s))),
            lambda s: (np.array([len(r) for _, r in lists(s, everybody(s))]), sums_of(s)),
        ),
        "neighborhood_size in as many processes as cores": (
            lambda s: s.workers.run(),
            lambda s: (sizes(s, everybody(s)), sums_of(s)),
        ),
    },
)
