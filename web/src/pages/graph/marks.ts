import { chainEdges, drawnAs, edgeId, highlighted, makeGraph, noMarks, union, type AccessGraph, type Chain, type GraphNode, type Highlight, type Mark, type Marks } from '@/components/Graph';

/** What a side panel lays over the drawing. */
export interface Overlay {
  /** Nodes and edges that it adds. */
  graph: AccessGraph;
  edges: ReadonlyMap<string, Mark>;
  nodes: ReadonlyMap<string, Mark>;
}

export interface OverlayGrant {
  source: GraphNode;
  target: GraphNode;
  permission: string;
  mark: Mark;
}

/** Grants as an overlay. What came is drawn even where the drawing did not have it; lost and cut grants with both their ends are. */
export function overlayOf(grants: readonly OverlayGrant[], nodes: ReadonlyMap<string, Mark> = new Map()): Overlay {
  const graph = makeGraph(
    grants.flatMap((g) => [g.source, g.target]),
    grants.map((g) => ({ source: g.source.id, target: g.target.id, permissions: g.permission ? [{ name: g.permission, value: 'true' }] : [], exact: true })),
  );
  return { graph, nodes, edges: new Map(grants.map((g) => [edgeId(g.source.id, g.target.id), g.mark])) };
}

export const withOverlay = (graph: AccessGraph, overlay: Overlay | null) => (overlay ? union(graph, overlay.graph) : graph);

/** The colours of the drawing as it is drawn: the overlay first, then the chain that is selected, then the highlight. */
export function marksOf(drawn: AccessGraph, overlay: Overlay | null, chain: Chain | null, highlight: Highlight): Marks {
  if (!overlay && !chain && highlight === 'none') return noMarks;
  const at = drawnAs(drawn);
  const nodes = new Map<string, Mark>();
  const edges = new Map<string, Mark>();
  const edge = (id: string, mark: Mark) => {
    const [source, target] = id.split('>') as [string, string];
    const shown = edgeId(at(source), at(target));
    if (drawn.edges.has(shown)) edges.set(shown, mark);
  };
  if (highlight !== 'none') {
    for (const id of highlighted(drawn, highlight)) {
      const e = drawn.edges.get(id)!;
      edges.set(id, 'highlight');
      nodes.set(e.source, 'highlight').set(e.target, 'highlight');
    }
  }
  if (chain) {
    for (const id of chain) nodes.set(at(id), 'selected');
    for (const id of chainEdges(chain)) edge(id, 'selected');
  }
  if (overlay) {
    for (const [id, mark] of overlay.edges) edge(id, mark);
    for (const [id, mark] of overlay.nodes) nodes.set(at(id), mark);
  }
  return { nodes, edges, dim: (chain !== null && !overlay) || highlight !== 'none' };
}
