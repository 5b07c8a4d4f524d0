// The drawing on a canvas by cytoscape, which is fetched only where something is drawn.
import type { Core, ElementDefinition, StylesheetJson } from 'cytoscape';
import { type as fonts, type Palette } from '@/theme/tokens';
import { edgeLabel, fillOf, markColour, nodeLabel, nodeSize, type Mark, type Marks } from './drawing';
import type { Layout, Point } from './layout';
import type { AccessGraph } from './model';

/** More elements than this are drawn plainly: while moving, the last picture is moved. */
const many = 600;

export async function makeCanvas(container: HTMLElement, large: boolean): Promise<Core> {
  const { default: cytoscape } = await import('cytoscape');
  return cytoscape({
    container, autoungrabify: true, boxSelectionEnabled: false, selectionType: 'single', minZoom: 0.03, maxZoom: 3,
    textureOnViewport: large, hideEdgesOnViewport: false, motionBlur: false, pixelRatio: large ? 1 : 'auto',
  });
}

export const isLarge = (graph: AccessGraph) => graph.nodes.size + graph.edges.size > many;

/** The style of everything, in the colours of a theme. */
export function styleOf(p: Palette): StylesheetJson {
  const shapes = { IDENTITY: 'ellipse', CONNECTION: 'hexagon', RESOURCE: 'round-rectangle' } as const;
  const marks: Mark[] = ['selected', 'highlight', 'cut', 'gained', 'lost'];
  const rules: { selector: string; style: Record<string, unknown> }[] = [
    { selector: 'core', style: { 'active-bg-opacity': 0 } },
    {
      selector: 'node',
      style: {
        width: nodeSize, height: nodeSize, 'border-width': 1.75, label: 'data(label)', color: p.text, 'font-family': fonts.family, 'font-size': 12,
        'text-valign': 'bottom', 'text-wrap': 'wrap', 'text-max-width': '110px', 'text-margin-y': 5, 'min-zoomed-font-size': 7, 'overlay-opacity': 0,
        'text-background-color': p.surface, 'text-background-opacity': 0.85, 'text-background-padding': '1px',
      },
    },
    ...(Object.keys(shapes) as (keyof typeof shapes)[]).map((t) => {
      const { line, fill } = fillOf(t, p);
      return { selector: `node[type = "${t}"]`, style: { shape: shapes[t], 'background-color': fill, 'border-color': line } };
    }),
    { selector: 'node[?group]', style: { width: nodeSize + 10, height: nodeSize + 10, 'border-style': 'double', 'border-width': 5, 'font-weight': 600 } },
    { selector: 'node[?risk]', style: { 'border-style': 'dashed', 'border-width': 2.5 } },
    {
      selector: 'edge',
      style: {
        width: 1.25, 'line-color': p.lineStrong, 'target-arrow-color': p.lineStrong, 'target-arrow-shape': 'triangle', 'arrow-scale': 0.8, 'curve-style': 'straight',
        label: 'data(label)', color: p.textSoft, 'font-family': fonts.family, 'font-size': 10, 'min-zoomed-font-size': 7, 'overlay-opacity': 0,
        'text-background-color': p.surface, 'text-background-opacity': 0.9, 'text-background-padding': '2px',
      },
    },
    { selector: 'edge[?bent]', style: { 'curve-style': 'round-segments', 'segment-distances': 'data(distances)', 'segment-weights': 'data(weights)', 'segment-radii': 30, 'edge-distances': 'node-position' } },
    { selector: 'edge[?back]', style: { 'curve-style': 'unbundled-bezier', 'control-point-distances': 70, 'control-point-weights': 0.5 } },
    ...marks.flatMap((m) => [
      { selector: `node.${m}`, style: { 'border-color': markColour(m, p), 'border-width': 3.5, 'z-index': 10 } },
      {
        selector: `edge.${m}`,
        style: { width: 2.75, 'line-color': markColour(m, p), 'target-arrow-color': markColour(m, p), color: markColour(m, p), 'z-index': 9, ...(m === 'cut' || m === 'lost' ? { 'line-style': 'dashed' } : {}) },
      },
    ]),
    { selector: '.dim', style: { opacity: 0.28 } },
    { selector: 'edge.dim', style: { 'text-opacity': 0 } },
    { selector: 'node.focus', style: { 'outline-color': p.focus, 'outline-width': 3, 'outline-offset': 3 } },
  ];
  return rules;
}

// Names may be broken after these signs too: cytoscape breaks lines at spaces of no width.
const wrapped = (label: string) => label.replace(/[-_./@:](?=\S)/g, '$&\u200b');

/** What cytoscape is given to draw. */
export function elementsOf(graph: AccessGraph, { at, bends }: Layout): ElementDefinition[] {
  const nodes: ElementDefinition[] = [...graph.nodes.values()].map((n) => ({
    group: 'nodes', data: { id: n.id, label: wrapped(nodeLabel(n)), type: n.type, group: !!n.members, risk: n.risks.length > 0 }, position: { ...at.get(n.id)! },
  }));
  const edges: ElementDefinition[] = [...graph.edges.values()].map((e) => {
    const a = at.get(e.source)!;
    const b = at.get(e.target)!;
    const way = bends.get(e.id);
    return {
      group: 'edges',
      data: { id: e.id, source: e.source, target: e.target, label: edgeLabel(e), exact: e.exact, bent: !!way, back: b.x <= a.x, ...(way ? segments(a, b, way) : {}) },
    };
  });
  return [...nodes, ...edges];
}

/** Bends as cytoscape takes them: how far along the straight line, and how far beside it. */
export function segments(a: Point, b: Point, way: readonly Point[]) {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const square = dx * dx + dy * dy || 1;
  const length = Math.sqrt(square);
  return {
    weights: way.map((p) => ((p.x - a.x) * dx + (p.y - a.y) * dy) / square),
    distances: way.map((p) => ((p.y - a.y) * dx - (p.x - a.x) * dy) / length),
  };
}

/** Brings the marks into the drawing; only what differs is touched. */
export function applyMarks(cy: Core, graph: AccessGraph, marks: Marks) {
  cy.batch(() => {
    cy.elements().forEach((el) => {
      const id = el.id();
      const mark = el.isNode() ? marks.nodes.get(id) : marks.edges.get(id);
      const focus = el.hasClass('focus') ? ' focus' : '';
      el.classes(`${mark ?? (marks.dim ? 'dim' : '')}${focus}`.trim());
      const node = graph.nodes.get(id);
      const edge = graph.edges.get(id);
      const label = node ? wrapped(nodeLabel(node, mark)) : edge ? edgeLabel(edge, mark) : '';
      if (el.data('label') !== label) el.data('label', label);
    });
  });
}
