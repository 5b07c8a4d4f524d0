"""Everyone's effective access with SuiteSparse GraphBLAS: boolean matrices, all cores.

M: people × groups, N: groups × groups, G: groups × resources, D: people × resources.
The answer is the pattern of M N* G ∪ D.
"""

import types

import graphblas as gb
import numpy as np
import suitesparse_graphblas
from graphblas import Matrix, binary, monoid, semiring

import peer

ANY_PAIR = semiring.any_pair[bool]


def load(graph):
    state = types.SimpleNamespace(graph=graph)
    p, first = graph.people, graph.first_resource
    by_person, to_group = graph.source < p, graph.target < first

    def matrix(keep, row_base, column_base, rows, columns):
        return Matrix.from_coo(graph.source[keep] - row_base, graph.target[keep] - column_base, True, nrows=rows, ncols=columns, dtype=bool)

    state.M = matrix(by_person & to_group, 0, p, p, graph.groups)
    state.N = matrix(~by_person & to_group, p, p, graph.groups, graph.groups)
    state.G = matrix(~by_person & ~to_group, p, first, graph.groups, graph.resources)
    state.D = matrix(by_person & ~to_group, 0, first, p, graph.resources)
    everyone = np.arange(graph.groups)
    state.I = Matrix.from_coo(everyone, everyone, True, nrows=graph.groups, ncols=graph.groups, dtype=bool)
    for m in (state.M, state.N, state.G, state.D, state.I):
        m.wait()
    return state


def either(a, b):
    return a.ewise_add(b, monoid.lor)


def squared(state):
    """N* by repeated squaring."""
    k = either(state.I, state.N).new()
    while True:
        before = k.nvals
        k << ANY_PAIR(k @ k)
        if k.nvals == before:
            return k


def stepped(start, n):
    """start N* by steps: each extends what was new, masked by what is known."""
    known, new = start.dup(), start
    while True:
        step = Matrix(bool, known.nrows, known.ncols)
        step(~known.S, replace=True) << ANY_PAIR(new @ n)
        if step.nvals == 0:
            return known
        known << either(known, step)
        new = step


def groups_squared(state):
    given = ANY_PAIR(squared(state) @ state.G).new()
    return both(state, state.M, given)


def groups_stepped(state):
    given = ANY_PAIR(stepped(state.I, state.N) @ state.G).new()
    return both(state, state.M, given)


def people_stepped(state):
    return both(state, stepped(state.M, state.N), state.G)


def people_squared(state):
    return both(state, ANY_PAIR(state.M @ squared(state)).new(), state.G)


def both(state, left, right):
    reached = ANY_PAIR(left @ right).new()
    return either(reached, state.D).new()


def apart(state):
    """groups_stepped, but direct grants are only counted where they add something."""
    given = ANY_PAIR(stepped(state.I, state.N) @ state.G).new()
    reached = ANY_PAIR(state.M @ given).new()
    more = Matrix(bool, reached.nrows, reached.ncols)
    more(~reached.S, replace=True) << state.D
    return reached, more


def way(answer):
    def run(state):
        return answer(state).nvals

    def check(state):
        persons, resources, _ = answer(state).to_coo(values=False)
        return peer.summed(state.graph.people, persons.view(np.int64), resources)

    return run, check


def way_apart():
    def run(state):
        reached, more = apart(state)
        return reached.nvals + more.nvals

    def check(state):
        parts = [m.to_coo(values=False) for m in apart(state)]
        persons, resources = (np.concatenate([part[i] for part in parts]) for i in (0, 1))
        return peer.summed(state.graph.people, persons.view(np.int64), resources)

    return run, check


peer.serve(
    f"SuiteSparse:GraphBLAS {suitesparse_graphblas.__version__}, python-graphblas {gb.__version__}",
    load,
    {
        "closure of groups by squaring, times resources, then people": way(groups_squared),
        "closure of groups by masked steps, times resources, then people": way(groups_stepped),
        "the same, direct grants by a mask": way_apart(),
        "closure of people's groups by masked steps, then resources": way(people_stepped),
        "people times the closure of groups, then resources": way(people_squared),
    },
)
