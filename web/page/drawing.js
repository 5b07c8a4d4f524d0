// Draws access paths from left to right: every entity once, in the column of its
// longest distance from the start, edges labelled with what they give.

const space = { width: 190, height: 46, column: 270, row: 78, margin: 20 };
const svgNS = 'http://www.w3.org/2000/svg';

function svg(tag, attributes, ...children) {
  const node = document.createElementNS(svgNS, tag);
  for (const [k, v] of Object.entries(attributes)) node.setAttribute(k, v);
  node.append(...children);
  return node;
}

const short = (text, n) => (text.length > n ? `${text.slice(0, n - 1)}…` : text);

// layout gives each entity a column (the latest position it has on any path; the start
// first, the end last) and a row within it.
function layout(paths, from, to) {
  const columns = new Map();
  let last = 1;
  for (const p of paths) {
    p.steps.forEach((s, i) => {
      columns.set(s.to.id, Math.max(columns.get(s.to.id) ?? 0, i + 1));
    });
    last = Math.max(last, p.steps.length);
  }
  columns.set(from.id, 0);
  columns.set(to.id, last);
  const rows = new Map();
  const place = new Map();
  for (const [id, column] of columns) {
    const row = rows.get(column) ?? 0;
    rows.set(column, row + 1);
    place.set(id, { column, row });
  }
  const height = Math.max(...rows.values());
  for (const at of place.values()) {
    const offset = (height - rows.get(at.column)) / 2;
    at.x = space.margin + at.column * space.column;
    at.y = space.margin + (at.row + offset) * space.row;
  }
  return { place, width: last * space.column + space.width + 2 * space.margin, height: (height - 1) * space.row + space.height + 2 * space.margin };
}

function box(e, at) {
  const corner = { IDENTITY: 23, CONNECTION: 8, RESOURCE: 0 }[e.type] ?? 0;
  const link = svg('a', { href: `?entity=${encodeURIComponent(e.id)}`, class: e.type, 'aria-label': `${e.name}, ${e.sourceType}` });
  link.append(
    svg('title', {}, document.createTextNode(`${e.name} (${e.sourceType}, ${e.integration.name})`)),
    svg('rect', { class: 'node', x: at.x, y: at.y, width: space.width, height: space.height, rx: corner }),
    svg('text', { x: at.x + 14, y: at.y + 20 }, document.createTextNode(short(e.name, 23))),
    svg('text', { class: 'kind', x: at.x + 14, y: at.y + 36 }, document.createTextNode(short(e.sourceType, 28))),
  );
  return link;
}

function edge(a, b, label) {
  const x1 = a.x + space.width, y1 = a.y + space.height / 2, x2 = b.x, y2 = b.y + space.height / 2;
  const bend = Math.max(40, Math.abs(x2 - x1) / 2);
  const t = 0.5;
  const mid = (p, c1, c2, q) => (1 - t) ** 3 * p + 3 * (1 - t) ** 2 * t * c1 + 3 * (1 - t) * t ** 2 * c2 + t ** 3 * q;
  return [
    svg('path', { class: 'edge', 'marker-end': 'url(#arrow)', d: `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2 - 10} ${y2}` }),
    svg('text', { class: 'label', 'text-anchor': 'middle', x: mid(x1, x1 + bend, x2 - bend, x2), y: mid(y1, y1, y2, y2) - 6 }, document.createTextNode(short(label, 14))),
  ];
}

export function draw(paths, from, to) {
  const { place, width, height } = layout(paths, from, to);
  const entities = new Map([[from.id, from], [to.id, to]]);
  const edges = new Map();
  for (const p of paths) {
    for (const s of p.steps) {
      entities.set(s.from.id, s.from).set(s.to.id, s.to);
      edges.set(`${s.from.id} ${s.to.id}`, s);
    }
  }
  const picture = svg('svg', { width, height, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': `Drawing of ${paths.length} access paths; the list below says the same in words` });
  picture.append(svg('defs', {}, svg('marker', { id: 'arrow', viewBox: '0 0 8 8', refX: 1, refY: 4, markerWidth: 8, markerHeight: 8, orient: 'auto' },
    svg('path', { d: 'M0 0 8 4 0 8Z', fill: 'currentColor' }))));
  for (const s of edges.values()) {
    picture.append(...edge(place.get(s.from.id), place.get(s.to.id), s.permissions.map((p) => p.name).join(', ')));
  }
  for (const e of entities.values()) picture.append(box(e, place.get(e.id)));
  const frame = document.createElement('div');
  frame.className = 'drawing';
  frame.tabIndex = 0;
  frame.setAttribute('role', 'region');
  frame.setAttribute('aria-label', 'Access paths, drawn');
  frame.append(picture);
  return frame;
}
