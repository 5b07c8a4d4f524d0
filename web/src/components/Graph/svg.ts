import type { EntityType } from '@/gql/schema';
import type { Palette } from '@/theme/tokens';
import { edgeLabel, fillOf, markColour, nodeHint, nodeLabel, nodeSize, type Marks } from './drawing';
import type { Layout, Point } from './layout';
import type { AccessGraph } from './model';

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const round = (n: number) => Math.round(n * 10) / 10;

function shape(type: EntityType, { x, y }: Point, paint: string, group: boolean): string {
  const r = nodeSize / 2 + (group ? 4 : 0);
  if (type === 'IDENTITY') return `<circle cx="${round(x)}" cy="${round(y)}" r="${r}" ${paint}/>`;
  if (type === 'RESOURCE') return `<rect x="${round(x - r)}" y="${round(y - r)}" width="${2 * r}" height="${2 * r}" rx="4" ${paint}/>`;
  const points = [[-r / 2, -r], [r / 2, -r], [r, 0], [r / 2, r], [-r / 2, r], [-r, 0]].map(([dx, dy]) => `${round(x + dx!)},${round(y + dy!)}`);
  return `<polygon points="${points.join(' ')}" ${paint}/>`;
}

/** The drawing as an SVG document that needs nothing else: what is seen, at its natural size, in the colours of the theme. */
export function toSvg(graph: AccessGraph, layout: Layout, marks: Marks, palette: Palette, title: string): string {
  const points = [...layout.at.values(), ...[...layout.bends.values()].flat()];
  const left = Math.min(0, ...points.map((p) => p.x)) - 110;
  const top = Math.min(0, ...points.map((p) => p.y)) - 50;
  const width = Math.max(0, ...points.map((p) => p.x)) + 110 - left;
  const height = Math.max(0, ...points.map((p) => p.y)) + 60 - top;
  const text = (x: number, y: number, size: number, colour: string, said: string) => (said
    ? `<text x="${round(x)}" y="${round(y)}" font-size="${size}" fill="${colour}" text-anchor="middle" stroke="${palette.surface}" stroke-width="3" paint-order="stroke">${escaped(said)}</text>` : '');
  const edges: string[] = [];
  const labels: string[] = [];
  for (const e of graph.edges.values()) {
    const a = layout.at.get(e.source)!;
    const b = layout.at.get(e.target)!;
    const mark = marks.edges.get(e.id);
    const colour = mark ? markColour(mark, palette) : palette.lineStrong;
    const way = [a, ...(layout.bends.get(e.id) ?? []), b];
    const before = way.at(-2)!;
    const length = Math.hypot(b.x - before.x, b.y - before.y) || 1;
    const end = { x: b.x - ((b.x - before.x) / length) * (nodeSize / 2 + 4), y: b.y - ((b.y - before.y) / length) * (nodeSize / 2 + 4) };
    const line = [...way.slice(0, -1), end].map((p) => `${round(p.x)},${round(p.y)}`).join(' ');
    const faint = marks.dim && !mark ? ' opacity="0.25"' : '';
    const dashes = mark === 'cut' || mark === 'lost' ? ' stroke-dasharray="6 4"' : '';
    edges.push(`<polyline points="${line}" fill="none" stroke="${colour}" stroke-width="${mark ? 2.5 : 1.25}" marker-end="url(#tip)"${dashes}${faint}/>`);
    const middle = way.length % 2 ? way[(way.length - 1) / 2]! : { x: (way[way.length / 2 - 1]!.x + way[way.length / 2]!.x) / 2, y: (way[way.length / 2 - 1]!.y + way[way.length / 2]!.y) / 2 };
    if (!faint) labels.push(text(middle.x, middle.y - 4, 10, mark ? colour : palette.textSoft, edgeLabel(e, mark)));
  }
  const nodes = [...graph.nodes.values()].map((n) => {
    const p = layout.at.get(n.id)!;
    const mark = marks.nodes.get(n.id);
    const { line, fill } = fillOf(n.type, palette);
    const paint = `fill="${fill}" stroke="${mark ? markColour(mark, palette) : line}" stroke-width="${mark ? 3 : 1.75}"`;
    const faint = marks.dim && !mark ? ' opacity="0.35"' : '';
    return `<g${faint}><title>${escaped(`${n.name} (${nodeHint(n)})`)}</title>${shape(n.type, p, paint, !!n.members)}${text(p.x, p.y + nodeSize / 2 + 16, 12, palette.text, nodeLabel(n, mark))}</g>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${round(left)} ${round(top)} ${round(width)} ${round(height)}" width="${round(width)}" height="${round(height)}" font-family="system-ui, sans-serif">
<title>${escaped(title)}</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="context-stroke"/></marker></defs>
<rect x="${round(left)}" y="${round(top)}" width="${round(width)}" height="${round(height)}" fill="${palette.surface}"/>
${edges.join('\n')}
${nodes.join('\n')}
${labels.filter(Boolean).join('\n')}
</svg>
`;
}
