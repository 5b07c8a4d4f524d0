// A layered drawing, left to right (after Sugiyama, Tagawa and Toda 1981): layers, order within them, coordinates.
import { neighboursOf, type AccessGraph } from './model';

export interface Point {
  x: number;
  y: number;
}

export interface Layout {
  /** The centre of every node. */
  at: ReadonlyMap<string, Point>;
  /** Ids by layer, left to right, each from top to bottom. */
  layers: readonly (readonly string[])[];
  /** Where an edge that passes over layers bends on its way, by edge; the others are straight. */
  bends: ReadonlyMap<string, readonly Point[]>;
}

export const gapX = 200;
export const gapXNarrow = 112;
export const gapY = 76;
/** More nodes than this in one layer stand in several columns. */
const rows = 36;
/** With more bends than this, edges go straight: nobody could follow them. */
const mostBends = 1500;

/**
 * Layers by the longest way from the left. Identities without anything before them are at the left; resources
 * stand one right of everything that leads to them, and those at the end of a chain together at the right. Edges that
 * close a circle are left out of account. O(V + E).
 */
export function layersOf(graph: AccessGraph): Map<string, number> {
  const near = neighboursOf(graph);
  const forward = withoutCircles(graph, near.out);
  const into = new Map<string, number>([...graph.nodes.keys()].map((id) => [id, 0]));
  for (const targets of forward.values()) for (const t of targets) into.set(t, into.get(t)! + 1);
  const layer = new Map<string, number>();
  const queue = [...graph.nodes.keys()].filter((id) => into.get(id) === 0);
  for (const id of queue) layer.set(id, graph.nodes.get(id)!.type === 'IDENTITY' || near.out.get(id)!.length + near.in.get(id)!.length === 0 ? 0 : -1);
  for (let i = 0; i < queue.length; i++) {
    const id = queue[i]!;
    for (const t of forward.get(id)!) {
      layer.set(t, Math.max(layer.get(t) ?? 0, Math.max(layer.get(id)!, 0) + 1));
      into.set(t, into.get(t)! - 1);
      if (into.get(t) === 0) queue.push(t);
    }
  }
  // What nothing leads to moves right beside what it leads to, so that its edges are short.
  for (let i = queue.length - 1; i >= 0; i--) {
    const id = queue[i]!;
    if (layer.get(id) !== -1) continue;
    const next = forward.get(id)!.map((t) => layer.get(t)!);
    layer.set(id, next.length ? Math.max(0, Math.min(...next) - 1) : 0);
  }
  // Resources have a layer of their own even where nothing leads to them.
  const last = Math.max([...graph.nodes.values()].some((n) => n.type !== 'RESOURCE') ? 1 : 0, ...layer.values());
  for (const [id, node] of graph.nodes) if (node.type === 'RESOURCE' && near.out.get(id)!.length === 0) layer.set(id, last);
  return layer;
}

// The edges without those that lead back to a node on the way that is being walked.
function withoutCircles(graph: AccessGraph, out: ReadonlyMap<string, readonly string[]>): Map<string, string[]> {
  const state = new Map<string, 'open' | 'done'>();
  const kept = new Map<string, string[]>([...graph.nodes.keys()].map((id) => [id, []]));
  const walk = (root: string) => {
    const stack: [string, number][] = [[root, 0]];
    state.set(root, 'open');
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const target = out.get(top[0])![top[1]++];
      if (target === undefined) {
        state.set(top[0], 'done');
        stack.pop();
      } else if (state.get(target) !== 'open') {
        kept.get(top[0])!.push(target);
        if (!state.has(target)) {
          state.set(target, 'open');
          stack.push([target, 0]);
        }
      }
    }
  };
  // From the left first, so that an edge back towards the identities is the one left out.
  const rank = { IDENTITY: 0, CONNECTION: 1, RESOURCE: 2 };
  const roots = [...graph.nodes.values()].sort((a, b) => rank[a.type] - rank[b.type]);
  for (const n of roots) if (!state.has(n.id)) walk(n.id);
  return kept;
}

// In how many columns so many nodes of one layer stand.
const columnsOf = (n: number) => Math.max(1, Math.ceil(n / Math.max(rows, Math.ceil(Math.sqrt(n * 3)))));

/** Where everything stands, with this distance between layers. Deterministic. O(k (V + E) log V) with few sweeps k. */
export function layout(graph: AccessGraph, gap = gapX): Layout {
  const layer = layersOf(graph);
  const { levels, links, ways } = skeleton(graph, layer);
  order(levels, links);
  const y = heights(levels, links, graph);
  const at = new Map<string, Point>();
  const real = (id: string) => graph.nodes.has(id);
  let x = 0;
  const xOf: number[] = [];
  const layers: string[][] = [];
  for (const level of levels) {
    const ids = level.filter(real);
    const columns = columnsOf(ids.length);
    xOf.push(x + ((columns - 1) * gap * 0.7) / 2);
    const perColumn = Math.ceil(ids.length / columns);
    ids.forEach((id, i) => {
      if (columns === 1) at.set(id, { x, y: y.get(id)! });
      // Row by row, so that neighbours in the order stay near each other in height.
      else at.set(id, { x: x + (i % columns) * gap * 0.7, y: (Math.floor(i / columns) - (perColumn - 1) / 2) * gapY });
    });
    layers.push(columns === 1 ? ids : [...ids].sort((a, b) => at.get(a)!.y - at.get(b)!.y || at.get(a)!.x - at.get(b)!.x));
    x += gap + (columns - 1) * gap * 0.7 + (columns > 1 ? gap / 2 : 0);
  }
  const bends = new Map<string, Point[]>();
  for (const [edge, way] of ways) bends.set(edge, way.map((id, i) => ({ x: xOf[layer.get(graph.edges.get(edge)!.source)! + 1 + i]!, y: y.get(id)! })));
  return { at, layers, bends };
}

interface Skeleton {
  levels: string[][];
  links: Map<string, string[]>;
  ways: Map<string, string[]>;
}

// Layers with a stand-in wherever an edge passes one, so that edges go round nodes. links go to the layers beside.
function skeleton(graph: AccessGraph, layer: Map<string, number>): Skeleton {
  const levels: string[][] = Array.from({ length: Math.max(0, ...layer.values()) + 1 }, () => []);
  for (const id of graph.nodes.keys()) levels[layer.get(id)!]!.push(id);
  const links = new Map<string, string[]>([...graph.nodes.keys()].map((id) => [id, []]));
  const ways = new Map<string, string[]>();
  const link = (a: string, b: string) => {
    links.get(a)!.push(b);
    links.get(b)!.push(a);
  };
  let passing = 0;
  for (const e of graph.edges.values()) passing += Math.max(0, layer.get(e.target)! - layer.get(e.source)! - 1);
  for (const e of graph.edges.values()) {
    const from = layer.get(e.source)!;
    const to = layer.get(e.target)!;
    if (to - from <= 1 || passing > mostBends) {
      if (Math.abs(to - from) >= 1) link(e.source, e.target);
      continue;
    }
    const way = Array.from({ length: to - from - 1 }, (_, i) => `bend:${i}:${e.id}`);
    way.forEach((id, i) => {
      links.set(id, []);
      levels[from + 1 + i]!.push(id);
    });
    [e.source, ...way].forEach((id, i) => link(id, way[i] ?? e.target));
    ways.set(e.id, way);
  }
  return { levels, links, ways };
}

// Barycentre sweeps, right and left in turn.
function order(levels: string[][], links: Map<string, string[]>) {
  const index = new Map<string, number>();
  const level = new Map<string, number>();
  levels.forEach((ids, l) => ids.forEach((id, i) => {
    index.set(id, i / Math.max(1, ids.length - 1));
    level.set(id, l);
  }));
  for (let sweep = 0; sweep < 6; sweep++) {
    const right = sweep % 2 === 0;
    for (let k = 1; k < levels.length; k++) {
      const l = right ? k : levels.length - 1 - k;
      const centre = new Map<string, number>();
      for (const id of levels[l]!) {
        const before = links.get(id)!.filter((n) => (right ? level.get(n)! < l : level.get(n)! > l));
        centre.set(id, before.length ? before.reduce((sum, n) => sum + index.get(n)!, 0) / before.length : index.get(id)!);
      }
      levels[l]!.sort((a, b) => centre.get(a)! - centre.get(b)! || index.get(a)! - index.get(b)!);
      levels[l]!.forEach((id, i) => index.set(id, i / Math.max(1, levels[l]!.length - 1)));
    }
  }
}

// Each node as near to the middle of its neighbours as the order and the distance allow.
function heights(levels: string[][], links: Map<string, string[]>, graph: AccessGraph): Map<string, number> {
  const y = new Map<string, number>();
  // Where a layer stands in columns, as many nodes as it has columns share one height.
  const columns = levels.map((ids) => columnsOf(ids.filter((id) => graph.nodes.has(id)).length));
  levels.forEach((ids, l) => ids.forEach((id, i) => y.set(id, ((i - (ids.length - 1) / 2) * gapY) / columns[l]!)));
  for (let sweep = 0; sweep < 8; sweep++) {
    const l0 = sweep % 2 === 0;
    for (let k = 0; k < levels.length; k++) {
      const l = l0 ? k : levels.length - 1 - k;
      const ids = levels[l]!;
      const wanted = ids.map((id) => {
        const near = links.get(id)!;
        return near.length ? near.reduce((sum, n) => sum + y.get(n)!, 0) / near.length : y.get(id)!;
      });
      const near = gapY / columns[l]!;
      const apart = (a: string, b: string) => near * (graph.nodes.has(a) && graph.nodes.has(b) ? 1 : graph.nodes.has(a) || graph.nodes.has(b) ? 0.7 : 0.3);
      const offsets = ids.map(() => 0);
      for (let i = 1; i < ids.length; i++) offsets[i] = offsets[i - 1]! + apart(ids[i - 1]!, ids[i]!);
      monotone(wanted.map((w, i) => w - offsets[i]!)).forEach((v, i) => y.set(ids[i]!, v + offsets[i]!));
    }
  }
  return y;
}

/** The sequence that never falls and is nearest to the given one in least squares: pool adjacent violators. O(n). */
export function monotone(values: readonly number[]): number[] {
  const blocks: { sum: number; n: number }[] = [];
  for (const v of values) {
    blocks.push({ sum: v, n: 1 });
    for (let i = blocks.length - 1; i > 0 && blocks[i - 1]!.sum / blocks[i - 1]!.n > blocks[i]!.sum / blocks[i]!.n; i--) {
      const b = blocks.pop()!;
      blocks[i - 1] = { sum: blocks[i - 1]!.sum + b.sum, n: blocks[i - 1]!.n + b.n };
    }
  }
  return blocks.flatMap((b) => Array.from({ length: b.n }, () => b.sum / b.n));
}

/** Where an arrow key leads from a node: the nearest neighbour to that side, or the next in the layer. Null = nowhere. */
export function moveFocus(graph: AccessGraph, { at, layers }: Layout, id: string, key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'): string | null {
  const here = at.get(id);
  if (!here) return null;
  if (key === 'ArrowUp' || key === 'ArrowDown') {
    const layer = layers.find((ids) => ids.includes(id))!;
    return layer[layer.indexOf(id) + (key === 'ArrowDown' ? 1 : -1)] ?? null;
  }
  const near = neighboursOf(graph);
  const side = key === 'ArrowRight' ? 1 : -1;
  const beside = [...near.out.get(id)!, ...near.in.get(id)!].filter((n) => (at.get(n)!.x - here.x) * side > 0);
  return beside.reduce<string | null>((best, n) => (best === null || Math.abs(at.get(n)!.y - here.y) < Math.abs(at.get(best)!.y - here.y) ? n : best), null);
}
