import { ask, entityQuery, listQuery, pathsQuery, postureQuery, totalsQuery } from './api.js';
import { chip, el, entityLink, permissionText, permissions, state, table, when } from './dom.js';
import { draw } from './drawing.js';

// What people ask first. Each is a list that can be shared as a link.
const presets = {
  'no-mfa': { title: 'Accounts without MFA', filter: { type: ['IDENTITY'], mfaEnabled: ['FALSE'] } },
  unmapped: { title: 'Accounts that belong to nobody', filter: { identityType: ['UNMAPPED'] } },
  unused: { title: 'Accounts unused for 90 days', filter: { type: ['IDENTITY'], inactiveForDays: 90 } },
  terminated: { title: 'Active accounts of people who left', filter: { type: ['IDENTITY'], status: ['ACTIVE'], employeeState: ['TERMINATED'] } },
  identities: { title: 'Identities', filter: { type: ['IDENTITY'] } },
  connections: { title: 'Connections: groups, roles, policies', filter: { type: ['CONNECTION'] } },
  resources: { title: 'Resources', filter: { type: ['RESOURCE'] } },
};

const bucket = (facets, field, value) => facets.find((f) => f.field === field)?.buckets.find((b) => b.value === value)?.count ?? 0;

const tile = (href, count, text) => el('a', { class: 'tile', href }, el('b', {}, count.toLocaleString()), el('span', {}, text));

// posture is what needs attention and what is reached most; nothing for people who may not see everything.
async function posture(signal) {
  let data;
  try {
    data = await ask(postureQuery, {}, signal);
  } catch (err) {
    if (err.code === 'FORBIDDEN') return [];
    throw err;
  }
  const hints = data.dataQuality.filter((h) => h.count > 0);
  const most = (list) => (list.length ? [entityLink(list[0].entity), el('span', { class: 'soft' }, ` ${list[0].count.toLocaleString()}`)] : '–');
  return [
    hints.length ? el('h2', {}, 'Worth a look') : null,
    hints.length ? el('ul', {}, hints.map((h) => el('li', {}, h.filter
      ? el('a', { href: `?${new URLSearchParams({ filter: JSON.stringify(h.filter), title: h.message })}` }, h.message)
      : [h.message, ': ', h.entities.slice(0, 3).flatMap((e, i) => [i ? ', ' : '', entityLink(e)]), h.count > 3 ? ' …' : ''].flat()))) : null,
    el('h2', {}, 'Reached by most'),
    table('In each integration, with how many identities reach it', ['Integration', 'Application', 'Resource', 'Connection'],
      data.integrations.map((i) => [i.name, i.application.name, most(i.overview.topResources), most(i.overview.topConnections)])),
  ];
}

export async function home(signal) {
  const { entityFacets: facets } = await ask(totalsQuery, {}, signal);
  if (!facets.some((f) => f.buckets.length)) {
    return [el('h1', {}, 'Who can reach what, and how?'),
      state('There is no data yet.', el('p', {}, 'Load a made-up company: ', el('code', {}, 'accessgraph demo'), ', or your own: ',
        el('code', {}, 'accessgraph import entitlements FILE --application NAME --integration NAME')))];
  }
  return [
    el('h1', {}, 'Who can reach what, and how?'),
    el('div', { class: 'tiles' },
      tile('?list=identities', bucket(facets, 'TYPE', 'IDENTITY'), 'identities'),
      tile('?list=connections', bucket(facets, 'TYPE', 'CONNECTION'), 'connections'),
      tile('?list=resources', bucket(facets, 'TYPE', 'RESOURCE'), 'resources'),
      tile('?list=unmapped', bucket(facets, 'IDENTITY_TYPE', 'UNMAPPED'), 'belong to nobody')),
    el('h2', {}, 'Often asked'),
    el('div', { class: 'row' }, ['terminated', 'no-mfa', 'unused'].map((p) => el('a', { href: `?list=${p}` }, presets[p].title))),
    ...await posture(signal),
  ];
}

// more appends the next page of a list in place.
function more(box, next, load) {
  if (!next.hasNextPage) return;
  const button = el('button', { class: 'quiet', type: 'button', onclick: async () => {
    button.disabled = true;
    try {
      box.replaceChildren(...await load(next.endCursor));
    } catch (err) {
      box.replaceChildren(el('p', { class: 'error', role: 'alert' }, err.message));
    }
  } }, 'Show more');
  box.append(button);
}

export async function list(params, signal) {
  const preset = presets[params.get('list')];
  const search = params.get('q') ?? undefined;
  let filter = preset?.filter;
  if (params.has('filter')) {
    try {
      filter = JSON.parse(params.get('filter'));
    } catch {
      return [el('h1', {}, 'No list'), state('The filter in this address cannot be read.')];
    }
  }
  const title = preset?.title ?? params.get('title') ?? (search ? `Results for “${search}”` : 'Entities');
  const page = async (after) => {
    const { entities } = await ask(listQuery, { search, filter, after }, signal);
    const box = el('div', { class: 'row' });
    more(box, entities.pageInfo, page);
    return { entities, nodes: [table(`${entities.totalCount.toLocaleString()} found`, ['Name', 'Kind', 'Integration', 'Employee', 'Status'],
      entities.edges.map(({ node: e }) => [entityLink(e), chip(e), e.integration.name, e.employee?.fullName ?? '–', e.status.toLowerCase()])), box],
    [Symbol.iterator]() { return this.nodes[Symbol.iterator](); } };
  };
  const first = await page();
  return [el('h1', {}, title), ...(first.entities.edges.length ? first.nodes
    : [state('Nothing matches.', el('p', {}, 'Search looks at names, user names, e-mails and source ids.'))])];
}

function facts(e) {
  const pairs = [['Integration', e.integration.name], ['Project', e.project], ['Status', e.status.toLowerCase()], ['Employee', e.employee?.fullName],
    ['E-mail', e.email], ['Source id', e.sourceId]];
  if (e.type === 'IDENTITY') {
    pairs.push(['MFA', e.mfaEnabled === null ? 'unknown' : e.mfaEnabled ? 'on' : 'off'], ['Last login', when(e.lastLoginTime)]);
  }
  return el('dl', { class: 'facts' }, pairs.filter(([, v]) => v).map(([k, v]) => el('div', {}, el('dt', {}, k), el('dd', {}, v))));
}

export async function entity(params, signal) {
  const id = params.get('entity');
  const by = params.get('view') === 'by';
  const direct = params.get('reach') === 'direct';
  const field = by ? 'accessibleBy' : 'hasAccessTo';
  const link = (view, reach) => `?${new URLSearchParams({ entity: id, ...(view && { view }), ...(reach && { reach }) })}`;
  let subject;
  const page = async (after) => {
    const data = await ask(entityQuery(field), { id, reach: direct ? 'DIRECT' : 'EFFECTIVE', after }, signal);
    subject = data.entity;
    if (!subject) return null;
    const path = (other) => `?${new URLSearchParams(by ? { from: other.id, to: id } : { from: id, to: other.id })}`;
    const rows = subject.list.edges.map((a) => [entityLink(a.node), chip(a.node), permissions(a.permissions),
      [a.direct ? 'directly' : null, ...a.providers.map((p) => ['through ', entityLink(p)])].filter(Boolean).flatMap((x, i) => (i ? [', ', x] : [x])).flat(),
      el('a', { href: path(a.node), 'aria-label': `Show the path to ${a.node.name}` }, 'Show path')]);
    const box = el('div', { class: 'row' });
    more(box, subject.list.pageInfo, page);
    return [rows.length
      ? table(`${subject.list.totalCount.toLocaleString()} in all`, [by ? 'Who' : 'What', 'Kind', 'Permissions', 'How', 'Path'], rows)
      : state(by ? 'Nobody reaches this.' : 'This reaches nothing.'), box];
  };
  const content = await page();
  if (!content) return [el('h1', {}, 'Not found'), state('There is no such entity, or it is not yours to see.')];
  const tab = (text, href, on) => el('a', { href, 'aria-current': on ? 'page' : null }, text);
  return [el('div', { class: 'card' }, chip(subject), el('h1', {}, subject.name), facts(subject)),
    el('nav', { class: 'tabs', 'aria-label': 'Access' }, tab('Has access to', link('', direct && 'direct'), !by), tab('Accessible by', link('by', direct && 'direct'), by),
      tab(direct ? 'Include nested' : 'Direct only', link(by && 'by', direct ? '' : 'direct'), false)),
    ...content];
}

export async function paths(params, signal) {
  const data = await ask(pathsQuery, { from: params.get('from'), to: params.get('to') }, signal);
  if (!data.from || !data.to) return [el('h1', {}, 'Not found'), state('One of the two ends does not exist, or is not yours to see.')];
  const { paths: found, truncated } = data.accessPaths;
  const head = el('h1', {}, 'How ', entityLink(data.from), ' reaches ', entityLink(data.to));
  if (!found.length && !truncated) return [head, state('There is no path between them.')];
  return [head,
    truncated ? el('p', { class: 'note' }, `There are more paths than the ${found.length} shown here.`) : null,
    draw(found, data.from, data.to),
    el('h2', {}, `${found.length} ${found.length === 1 ? 'path' : 'paths'}, shortest first`),
    el('ol', { class: 'paths' }, found.map((p) => el('li', {}, entityLink(p.steps[0].from),
      p.steps.flatMap((s) => [' → ', entityLink(s.to), ' ', el('span', { class: 'soft' }, `(${s.permissions.map(permissionText).join(', ')})`)]))))].filter(Boolean);
}
