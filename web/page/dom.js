// Small building blocks. Text is always set as text, never as markup.

export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return node;
}

const kinds = { IDENTITY: 'identity', CONNECTION: 'connection', RESOURCE: 'resource' };

export const kind = (e) => kinds[e.type] ?? e.type;

export const chip = (e) => el('span', { class: `chip ${e.type}` }, `${kind(e)} · ${e.sourceType}`);

export const entityLink = (e) => el('a', { href: `?entity=${encodeURIComponent(e.id)}` }, e.name);

export const permissionText = (p) => (p.value === 'true' ? p.name : `${p.name} = ${p.value}`);

export const permissions = (list) => list.map((p) => el('span', { class: 'perm' }, permissionText(p)));

// table makes a table that turns into cards on a narrow screen.
export function table(caption, heads, rows) {
  return el('div', { class: 'scroll' }, el('table', {},
    el('caption', {}, caption),
    el('thead', {}, el('tr', {}, heads.map((h) => el('th', { scope: 'col' }, h)))),
    el('tbody', {}, rows.map((cells) => el('tr', {}, cells.map((c, i) => el('td', { 'data-label': heads[i] }, c)))))));
}

export const state = (text, ...more) => el('div', { class: 'state' }, el('p', {}, text), more);

export const when = (iso) => (iso ? new Date(iso).toLocaleDateString(undefined, { dateStyle: 'medium' }) : 'never seen');
