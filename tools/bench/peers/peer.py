"""What the peers of tools/bench share: reading the graph, and answering the bench.

A peer reads an edge list, and then obeys lines on standard input, each a JSON object:
  {"cmd": "check", "way": W, "out": FILE}  answers in full, for comparison, into FILE
  {"cmd": "run", "way": W}                 answers and says how long it took
Times are taken in here, so starting Python, reading the graph and building the library's
own structures do not count. A way is one formulation of the question; the bench tries all
of a peer's and keeps the fastest.
"""

import json
import multiprocessing
import os
import sys
import time

import numpy as np


class Graph:
    """The counting grants: people are 0 … p-1, groups p … p+g-1, then resources."""

    def __init__(self, folder):
        with open(os.path.join(folder, "graph.json")) as f:
            numbers = json.load(f)
        self.people, self.groups, self.resources = numbers["people"], numbers["groups"], numbers["resources"]
        self.first_resource = self.people + self.groups
        self.entities = self.first_resource + self.resources
        self.source = np.fromfile(os.path.join(folder, "from.u32"), dtype="<u4").astype(np.int64)
        self.target = np.fromfile(os.path.join(folder, "to.u32"), dtype="<u4").astype(np.int64)

    def without_resources(self):
        keep = self.target < self.first_resource
        return self.source[keep], self.target[keep]


def pair_sums(resources):
    """What each pair adds to the checksum of its person; oracle.go has the same."""
    x = resources.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def summed(people, persons, resources):
    """Counts and checksums by person of pairs in any order, with little memory besides."""
    counts = np.bincount(persons, minlength=people).astype(np.uint32)
    if np.any(persons[1:] < persons[:-1]):
        resources = resources[np.argsort(persons, kind="stable")]
    running = np.zeros(len(resources) + 1, dtype=np.uint64)
    for start in range(0, len(resources), 1 << 20):
        part = resources[start : start + (1 << 20)]
        running[start + 1 : start + 1 + len(part)] = pair_sums(part)
    np.cumsum(running, out=running)
    ends = np.cumsum(counts, dtype=np.int64)
    return counts, running[ends] - running[ends - counts]


def serve(name, load, ways, argv=None):
    """Loads with load(graph) and obeys until standard input ends.

    ways maps a name to (run, check): run(state) returns the number of pairs,
    check(state) returns (counts, sums) by person.
    """
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # what libraries print must not get between the answers
    folder = (argv or sys.argv)[1]
    start = time.perf_counter()
    state = load(Graph(folder))
    print(json.dumps({"name": name, "ways": list(ways), "seconds": time.perf_counter() - start}), file=out)
    for line in sys.stdin:
        command = json.loads(line)
        run, check = ways[command["way"]]
        try:
            start = time.perf_counter()
            if command["cmd"] == "check":
                counts, sums = check(state)
                with open(command["out"], "wb") as f:
                    f.write(np.ascontiguousarray(counts, dtype="<u4").tobytes())
                    f.write(np.ascontiguousarray(sums, dtype="<u8").tobytes())
                pairs = int(np.asarray(counts, dtype=np.int64).sum())
            else:
                pairs = int(run(state))
            answer = {"seconds": time.perf_counter() - start, "pairs": pairs}
        except Exception as e:  # told to the bench, which says which peer and way it was
            answer = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answer), file=out)


class Workers:
    """Processes forked from this one, for libraries that use one core; each has the
    whole graph (copied on write) and answers for every n-th person."""

    def __init__(self, state, answer):
        self.parts = os.cpu_count() or 1
        self.pipes = []
        context = multiprocessing.get_context("fork")
        for part in range(self.parts):
            here, there = context.Pipe()
            process = context.Process(target=self._work, args=(state, answer, part, there), daemon=True)
            process.start()
            there.close()
            self.pipes.append(here)

    def _work(self, state, answer, part, pipe):
        while True:
            try:
                pipe.recv()
            except EOFError:
                return
            pipe.send(answer(state, range(part, state.graph.people, self.parts)))

    def run(self):
        for pipe in self.pipes:
            pipe.send(True)
        return sum(pipe.recv() for pipe in self.pipes)
