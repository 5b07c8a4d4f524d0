// Groups of nodes that are drawn as one, so that no drawing becomes a hairball.
import { makeGraph, neighboursOf, unionOf, type AccessGraph, type GraphEdge, type GraphNode, type Neighbours } from './model';

/** At more nodes than this a drawing is grouped unless somebody asks for all of it. */
export const groupAbove = 100;

/** Fewer nodes than this are never made a group. */
const smallest = 4;

export interface GroupOptions {
  /** Groups only when there are more nodes. */
  above: number;
  /** Nodes that stay themselves: the ends of the drawing. */
  keep: ReadonlySet<string>;
  /** Ids of groups that are open. */
  open: ReadonlySet<string>;
}

export const isGroup = (id: string) => id.startsWith('group:');

/**
 * The graph with like nodes drawn as one. Nodes are alike when they have the same type and hang on the same
 * neighbours; if that leaves too many, when the connection through which they hang in most numbers is the same; then
 * when only type and integration are; at last the types alone. An open group shows its members. The id of a group
 * does not depend on what is open. O(k (V + E)) with k ≤ 4 rounds.
 */
export function grouped(graph: AccessGraph, { above, keep, open }: GroupOptions): AccessGraph {
  if (graph.nodes.size <= above) return graph;
  const near = neighboursOf(graph);
  const keys = [byNeighbours(near), byConnection(graph, near), byIntegration, (n: GraphNode) => n.type];
  let result = graph;
  for (const key of keys) {
    const closed = collapse(graph, keep, new Set(), key);
    result = open.size > 0 ? collapse(graph, keep, open, key) : closed;
    if (closed.nodes.size <= above) break; // judged closed: opening a group changes no other
  }
  return result;
}

type Key = (node: GraphNode) => string;

const byNeighbours = (near: Neighbours): Key => (n) => `${n.type}|${[...near.in.get(n.id)!].sort().join()}|${[...near.out.get(n.id)!].sort().join()}`;

const byIntegration: Key = (n) => `${n.type}|${n.integration}`;

// What a node hangs on: of its neighbours that are connections the one with the most neighbours, else any.
const byConnection = (graph: AccessGraph, near: Neighbours): Key => {
  const degree = (id: string) => near.in.get(id)!.length + near.out.get(id)!.length;
  return (n) => {
    let best = '';
    let most = -1;
    for (const id of [...near.in.get(n.id)!, ...near.out.get(n.id)!]) {
      const weight = degree(id) + (graph.nodes.get(id)!.type === 'CONNECTION' ? graph.edges.size : 0);
      if (weight > most || (weight === most && id < best)) [best, most] = [id, weight];
    }
    return `${n.type}|${best}`;
  };
};

function collapse(graph: AccessGraph, keep: ReadonlySet<string>, open: ReadonlySet<string>, key: Key): AccessGraph {
  const alike = new Map<string, GraphNode[]>();
  for (const n of graph.nodes.values()) {
    if (keep.has(n.id)) continue;
    const k = key(n);
    const list = alike.get(k);
    if (list) list.push(n);
    else alike.set(k, [n]);
  }
  const place = new Map<string, GraphNode>();
  for (const members of alike.values()) {
    if (members.length < smallest) continue;
    const node = groupNode(members);
    if (!open.has(node.id)) for (const m of members) place.set(m.id, node);
  }
  if (place.size === 0) return graph;
  const nodes = new Map<string, GraphNode>();
  for (const n of graph.nodes.values()) {
    const p = place.get(n.id) ?? n;
    nodes.set(p.id, p);
  }
  const at = (id: string) => place.get(id)?.id ?? id;
  const between = new Map<string, { edge: Omit<GraphEdge, 'id'>; lists: GraphEdge['permissions'][] }>();
  for (const e of graph.edges.values()) {
    const source = at(e.source);
    const target = at(e.target);
    const k = `${source}>${target}`;
    const old = between.get(k);
    if (old) {
      old.lists.push(e.permissions);
      old.edge.exact &&= e.exact;
    } else between.set(k, { edge: { source, target, permissions: [], exact: e.exact }, lists: [e.permissions] });
  }
  return makeGraph(nodes.values(), [...between.values()].map(({ edge, lists }) => ({ ...edge, permissions: unionOf(lists) })));
}

// Its id is that of its first member, so that it stays the same while the rest of the drawing changes.
function groupNode(members: GraphNode[]): GraphNode {
  const first = members.reduce((a, b) => (a.id < b.id ? a : b));
  const one = (get: (n: GraphNode) => string, mixed: string) => (members.every((m) => get(m) === get(first)) ? get(first) : mixed);
  const word = { IDENTITY: 'identities', CONNECTION: 'connections', RESOURCE: 'resources' }[first.type];
  const sourceType = one((n) => n.sourceType, '');
  return {
    id: `group:${members.length}:${first.id}`, type: first.type, sourceType, integration: one((n) => n.integration, 'several integrations'),
    name: `${members.length.toLocaleString('en-US')} ${word}`, risks: [...new Set(members.flatMap((m) => m.risks))], members,
  };
}

/** What an entity is drawn as: itself, or the group that it is in. */
export function drawnAs(graph: AccessGraph): (id: string) => string {
  const place = new Map<string, string>();
  for (const n of graph.nodes.values()) for (const m of n.members ?? []) place.set(m.id, n.id);
  return (id) => place.get(id) ?? id;
}
