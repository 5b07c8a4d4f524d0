import { el, state } from './dom.js';
import { entity, home, list, paths } from './views.js';

// The address says what is shown, so that every view can be shared and Back works.
const main = document.getElementById('content');
const box = document.getElementById('q');
let running = new AbortController();

function view(params) {
  if (params.has('from') && params.has('to')) return paths;
  if (params.has('entity')) return entity;
  if (params.has('list') || params.has('filter') || params.get('q')) return list;
  return (_, signal) => home(signal);
}

async function show({ focus } = {}) {
  running.abort();
  running = new AbortController();
  const { signal } = running;
  const params = new URLSearchParams(location.search);
  box.value = params.get('q') ?? '';
  main.setAttribute('aria-busy', 'true');
  const slow = setTimeout(() => main.replaceChildren(state('Loading…')), 200);
  try {
    const content = await view(params)(params, signal);
    if (signal.aborted) return;
    clearTimeout(slow);
    main.replaceChildren(...content.filter(Boolean));
    const title = main.querySelector('h1')?.textContent;
    document.title = title ? `${title} · accessgraph` : 'accessgraph';
    if (focus) main.focus({ preventScroll: true });
  } catch (err) {
    clearTimeout(slow);
    if (err.name === 'AbortError') return;
    main.replaceChildren(el('div', { class: 'error', role: 'alert' }, el('p', {}, err.message),
      el('button', { type: 'button', class: 'quiet', onclick: () => show() }, 'Try again')));
  } finally {
    if (!signal.aborted) main.removeAttribute('aria-busy');
  }
}

function go(href) {
  history.pushState(null, '', href);
  scrollTo(0, 0);
  show({ focus: true });
}

document.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  const href = link?.getAttribute('href');
  if (!href?.startsWith('?') || event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  go(href === '?' ? location.pathname : href);
});

document.getElementById('search').addEventListener('submit', (event) => {
  event.preventDefault();
  go(box.value.trim() ? `?q=${encodeURIComponent(box.value.trim())}` : location.pathname);
});

addEventListener('popstate', () => show());
show();
