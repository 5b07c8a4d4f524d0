// What a drawing is made of, asked of the server: a pair, all that one entity reaches or that reaches it, or a filter.
import type { AnyVariables, Client, DocumentInput } from 'urql';
import { makeGraph, type AccessGraph, type Chain, type GraphEdge, type GraphNode } from '@/components/Graph';
import type { EntityFilter } from '@/gql/schema';
import type { GraphEntityFragment } from '@/gql/graphql';
import { GraphEnds, GraphExpand, GraphFilter, GraphMembers, GraphPair, GraphReach, GraphReachedBy } from './documents';

export interface Question {
  from: string;
  to: string;
  filter: EntityFilter;
  asOf: string | undefined;
}

export interface Drawing {
  graph: AccessGraph;
  chains: readonly Chain[];
  /** The ends that were asked about, which no group hides. */
  ends: ReadonlySet<string>;
  /** What there would be to draw besides, in a sentence; empty = this is all. */
  rest: string;
}

/** More entities than this are not fetched for one drawing. */
const most = 2000;

type Draft = Omit<GraphEdge, 'id'>;

export function nodeOf(e: GraphEntityFragment): GraphNode {
  const risks = [
    e.superAdmin === 'TRUE' && 'super administrator', e.administrative === 'TRUE' && 'administrative', e.external === 'TRUE' && 'external',
    e.type === 'IDENTITY' && e.mfaEnabled === false && 'no MFA', ...e.insights.map((i) => i.label),
  ];
  return { id: e.id, name: e.name, type: e.type, sourceType: e.sourceType, integration: e.integration.name, risks: [...new Set(risks.filter((r) => r !== false))] };
}

async function ask<D, V extends AnyVariables>(client: Client, document: DocumentInput<D, V>, variables: V): Promise<D> {
  const { data, error } = await client.query(document, variables).toPromise();
  if (error || !data) throw error ?? new Error('No answer');
  return data;
}

/** Answers the question. Null where an entity of it is not there. */
export async function load(client: Client, q: Question): Promise<Drawing | null> {
  if (Object.keys(q.filter).length > 0) return byFilter(client, q);
  if (q.from && q.to) return pair(client, q);
  return q.from ? reach(client, q) : reachedBy(client, q);
}

interface Steps {
  steps: readonly { from: GraphEntityFragment; to: GraphEntityFragment; permissions: GraphEdge['permissions'] }[];
}

/** Paths as a graph, and as chains of ids. */
export function ofPaths(paths: readonly Steps[], more: readonly GraphEntityFragment[] = []): Pick<Drawing, 'graph' | 'chains'> {
  const steps = paths.flatMap((p) => p.steps);
  const graph = makeGraph(
    [...more, ...steps.flatMap((s) => [s.from, s.to])].map(nodeOf),
    steps.map((s) => ({ source: s.from.id, target: s.to.id, permissions: s.permissions, exact: true })),
  );
  return { graph, chains: paths.filter((p) => p.steps.length > 0).map((p) => [p.steps[0]!.from.id, ...p.steps.map((s) => s.to.id)]) };
}

async function pair(client: Client, { from, to, asOf }: Question): Promise<Drawing | null> {
  const [ends, paths] = await Promise.all([
    ask(client, GraphEnds, { from, to, asOf, hasFrom: true, hasTo: true }), ask(client, GraphPair, { from, to, asOf }),
  ]);
  if (!ends.from || !ends.to) return null;
  const { graph, chains } = ofPaths(paths.accessPaths.paths, [ends.from, ends.to]);
  return { graph, chains, ends: new Set([from, to]), rest: paths.accessPaths.truncated ? 'There may be more paths than these.' : '' };
}

async function byFilter(client: Client, { filter, to, from, asOf }: Question): Promise<Drawing> {
  const resources = filter.type?.length === 1 && filter.type[0] === 'RESOURCE';
  const target = resources ? filter : to ? { ids: [to] } : { type: ['RESOURCE' as const] };
  const source = resources ? (from ? { ids: [from] } : undefined) : filter;
  const { explain } = await ask(client, GraphFilter, { filter: source, target, asOf });
  const { paths, truncated } = explain.shortestPaths;
  return { ...ofPaths(paths), ends: new Set([from, to].filter(Boolean)), rest: truncated ? 'These are the shortest paths of the first 500 pairs; there are more.' : '' };
}

// Everything reached is here, connections too, and each says what holds the grants on it: so every edge is known.
async function reach(client: Client, { from, asOf }: Question): Promise<Drawing | null> {
  const nodes: GraphNode[] = [];
  const edges: Draft[] = [];
  let total = 0;
  for (let after: string | undefined; ;) {
    const { entity } = await ask(client, GraphReach, { id: from, after, asOf });
    if (!entity) return null;
    if (nodes.length === 0) nodes.push(nodeOf(entity));
    const page = entity.hasAccessTo;
    total = page.totalCount;
    for (const e of page.edges) {
      nodes.push(nodeOf(e.node));
      const exact = e.providers.length + (e.direct ? 1 : 0) === 1;
      if (e.direct) edges.push({ source: from, target: e.node.id, permissions: e.permissions, exact });
      for (const p of e.providers) edges.push({ source: p.id, target: e.node.id, permissions: e.permissions, exact });
    }
    if (!page.pageInfo.hasNextPage || nodes.length > most) break;
    after = page.pageInfo.endCursor ?? undefined;
  }
  return around(nodes, edges, total, from, 'reached');
}

async function reachedBy(client: Client, { to, asOf }: Question): Promise<Drawing | null> {
  const nodes: GraphNode[] = [];
  const edges: Draft[] = [];
  let total = 0;
  for (let after: string | undefined; ;) {
    const { entity } = await ask(client, GraphReachedBy, { id: to, after, asOf });
    if (!entity) return null;
    if (nodes.length === 0) nodes.push(nodeOf(entity));
    const page = entity.accessibleBy;
    total = page.totalCount;
    for (const e of page.edges) {
      nodes.push(nodeOf(e.node));
      if (e.direct) edges.push({ source: e.node.id, target: to, permissions: e.permissions, exact: e.providers.length === 0 });
    }
    if (!page.pageInfo.hasNextPage || nodes.length > most) break;
    after = page.pageInfo.endCursor ?? undefined;
  }
  let unseen = 0;
  const between = nodes.slice(1).filter((n) => n.type === 'CONNECTION').map((n) => n.id);
  for (let after: string | undefined; between.length > 0;) {
    const { entities } = await ask(client, GraphMembers, { ids: between, after, asOf });
    for (const { node } of entities.edges) {
      unseen += node.accessibleBy.totalCount - node.accessibleBy.edges.length;
      for (const e of node.accessibleBy.edges) edges.push({ source: e.node.id, target: node.id, permissions: e.permissions, exact: e.providers.length === 0 });
    }
    if (!entities.pageInfo.hasNextPage) break;
    after = entities.pageInfo.endCursor ?? undefined;
  }
  const drawing = around(nodes, edges, total, to, 'that reach it');
  return unseen > 0 ? { ...drawing, rest: `${drawing.rest} ${unseen.toLocaleString('en-US')} memberships of large groups are not drawn.`.trim() } : drawing;
}

function around(nodes: GraphNode[], edges: Draft[], total: number, end: string, what: string): Drawing {
  const shown = nodes.length - 1;
  return {
    graph: makeGraph(nodes, edges), chains: [], ends: new Set([end]),
    rest: shown < total ? `These are the first ${shown.toLocaleString('en-US')} of ${total.toLocaleString('en-US')} ${what}.` : '',
  };
}

/** What a node has grants on and who has grants on it; rest says how many there are besides. */
export async function expansionOf(client: Client, node: GraphNode, asOf: string | undefined): Promise<{ graph: AccessGraph; rest: string }> {
  const { entity } = await ask(client, GraphExpand, { id: node.id, asOf });
  if (!entity) return { graph: makeGraph([node], []), rest: '' };
  const { hasAccessTo: out, accessibleBy: into } = entity;
  const unseen = out.totalCount - out.edges.length + into.totalCount - into.edges.length;
  const rest = unseen > 0 ? `${node.name} has ${unseen.toLocaleString('en-US')} more neighbours than are drawn.` : '';
  const graph = makeGraph([node, ...[...out.edges, ...into.edges].map((e) => nodeOf(e.node))], [
    ...out.edges.map((e) => ({ source: node.id, target: e.node.id, permissions: e.permissions, exact: e.providers.length === 0 })),
    ...into.edges.map((e) => ({ source: e.node.id, target: node.id, permissions: e.permissions, exact: e.providers.length === 0 })),
  ]);
  return { graph, rest };
}
