// What is drawn, apart from how. All functions here are pure and keep the order of what they are given.
import type { EntityType } from '@/gql/schema';

export interface PermissionRef {
  name: string;
  value: string;
}

export interface GraphNode {
  id: string;
  name: string;
  type: EntityType;
  sourceType: string;
  integration: string;
  /** Why it deserves a second look; empty = no reason known. */
  risks: readonly string[];
  /** The nodes that this one stands for; left out for an entity. */
  members?: readonly GraphNode[];
}

/** Grants from one node to another. */
export interface GraphEdge {
  id: string;
  source: string;
  target: string;
  permissions: readonly PermissionRef[];
  /** False where the permissions are those of all ways to the target together, not of this edge alone. */
  exact: boolean;
}

export interface AccessGraph {
  nodes: ReadonlyMap<string, GraphNode>;
  edges: ReadonlyMap<string, GraphEdge>;
}

/** One way to have access: ids of nodes from left to right. */
export type Chain = readonly string[];

export const emptyGraph: AccessGraph = { nodes: new Map(), edges: new Map() };

export const edgeId = (source: string, target: string) => `${source}>${target}`;

/** A permission as people write it: its name, and its value unless that only says yes. */
export const permissionText = (p: PermissionRef) => (p.value && p.value.toLowerCase() !== 'true' ? `${p.name}: ${p.value}` : p.name);

/** A graph of these nodes and edges. What is named twice is merged; an edge whose ends are not both there is left out. */
export function makeGraph(nodes: Iterable<GraphNode>, edges: Iterable<Omit<GraphEdge, 'id'>>): AccessGraph {
  const byId = new Map<string, GraphNode>();
  for (const n of nodes) if (!byId.has(n.id)) byId.set(n.id, n);
  const all = new Map<string, GraphEdge>();
  for (const e of edges) {
    if (e.source === e.target || !byId.has(e.source) || !byId.has(e.target)) continue;
    const id = edgeId(e.source, e.target);
    const old = all.get(id);
    all.set(id, old ? joined(old, e) : { ...e, id });
  }
  return { nodes: byId, edges: all };
}

// What is known exactly is not blurred by what is not.
function joined(a: GraphEdge, b: Omit<GraphEdge, 'id'>): GraphEdge {
  if (a.exact !== b.exact) return a.exact ? a : { ...b, id: a.id };
  return { ...a, permissions: unionOf([a.permissions, b.permissions]) };
}

/** Every permission once, in the order first met. */
export function unionOf(lists: Iterable<readonly PermissionRef[]>): PermissionRef[] {
  const seen = new Map<string, PermissionRef>();
  for (const list of lists) for (const p of list) if (!seen.has(permissionText(p))) seen.set(permissionText(p), p);
  return [...seen.values()];
}

/** The graph with others laid over it. */
export function union(...graphs: readonly AccessGraph[]): AccessGraph {
  return makeGraph(graphs.flatMap((g) => [...g.nodes.values()]), graphs.flatMap((g) => [...g.edges.values()]));
}

/**
 * The base and what was found around the expanded nodes, in the order in which they were expanded. An expansion whose
 * node is no longer there (what it was found by was collapsed) is left out, and so is all that hangs on it alone.
 */
export function withExpansions(base: AccessGraph, expansions: ReadonlyMap<string, AccessGraph>): AccessGraph {
  let graph = base;
  const waiting = new Map(expansions);
  for (let progress = true; progress;) {
    progress = false;
    for (const [id, more] of waiting) {
      if (!graph.nodes.has(id)) continue;
      graph = union(graph, more);
      waiting.delete(id);
      progress = true;
    }
  }
  return graph;
}

export interface Neighbours {
  out: ReadonlyMap<string, readonly string[]>;
  in: ReadonlyMap<string, readonly string[]>;
}

/** Targets and sources of every node. */
export function neighboursOf(graph: AccessGraph): Neighbours {
  const out = new Map<string, string[]>();
  const into = new Map<string, string[]>();
  for (const id of graph.nodes.keys()) {
    out.set(id, []);
    into.set(id, []);
  }
  for (const e of graph.edges.values()) {
    out.get(e.source)!.push(e.target);
    into.get(e.target)!.push(e.source);
  }
  return { out, in: into };
}

/** Everything that can be reached from these nodes along the edges (or against them), themselves included. O(V + E). */
export function closure(from: Iterable<string>, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const seen = new Set<string>();
  const stack = [...from];
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    if (seen.has(id) || !next.has(id)) continue;
    seen.add(id);
    stack.push(...next.get(id)!);
  }
  return seen;
}

/** Names of permissions in the graph, sorted. */
export function permissionNames(graph: AccessGraph): string[] {
  const names = new Set<string>();
  for (const e of graph.edges.values()) for (const p of e.permissions) names.add(p.name);
  return [...names].sort((a, b) => a.localeCompare(b));
}

/** Only the edges that carry the permission and those by which they are reached; nodes without any edge go, but for those to keep. */
export function withPermission(graph: AccessGraph, permission: string, keep: Iterable<string> = []): AccessGraph {
  const carrying = [...graph.edges.values()].filter((e) => e.permissions.some((p) => p.name === permission));
  const leading = closure(carrying.map((e) => e.source), neighboursOf(graph).in);
  const has = new Set(carrying.map((e) => e.id));
  const edges = [...graph.edges.values()].filter((e) => has.has(e.id) || (leading.has(e.source) && leading.has(e.target)));
  const used = new Set([...keep, ...edges.flatMap((e) => [e.source, e.target])]);
  return makeGraph([...graph.nodes.values()].filter((n) => used.has(n.id)), edges);
}

/** The edges along a chain of nodes. */
export const chainEdges = (chain: Chain) => chain.slice(1).map((id, i) => edgeId(chain[i]!, id));

export type Highlight = 'none' | 'direct' | 'inherited' | 'risky';

const strong = /(^|[^a-z])(admin\w*|owner|root|full.?access|super\w*|write.?all|\*)([^a-z]|$)/i;

/** Whether a permission gives away more than most: told by its name alone. */
export const isStrong = (p: PermissionRef) => strong.test(p.name);

/**
 * The edges that a highlight picks. direct: grants of an identity's own on a resource; inherited: grants that are
 * held by a connection, and the memberships that lead to them; risky: strong permissions, and edges that touch a
 * node with a risk.
 */
export function highlighted(graph: AccessGraph, what: Highlight): Set<string> {
  const picked = new Set<string>();
  if (what === 'none') return picked;
  for (const e of graph.edges.values()) {
    const source = graph.nodes.get(e.source)!;
    const target = graph.nodes.get(e.target)!;
    const own = source.type !== 'CONNECTION' && target.type !== 'CONNECTION';
    const risky = source.risks.length > 0 || target.risks.length > 0 || e.permissions.some(isStrong);
    if (what === 'risky' ? risky : (what === 'direct') === own) picked.add(e.id);
  }
  return picked;
}
