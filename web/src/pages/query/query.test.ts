import { expect, it } from 'vitest';
import { framePath, readMessage } from './bridge';
import { historyLimit, titleOf, withAsked, type Asked } from './history';

const asked = (query: string, at = '2026-03-01T10:00:00Z'): Asked => ({ query, variables: '', at, ok: true, ms: 1 });

it('keeps the newest, each once, and no more than the limit', () => {
  let h: Asked[] = [];
  for (let i = 0; i < historyLimit + 5; i++) h = withAsked(h, asked(`{ a${i} }`));
  expect(h).toHaveLength(historyLimit);
  expect(h[0]?.query).toBe(`{ a${historyLimit + 4} }`);
  h = withAsked(h, asked('{ a20 }', 'later'));
  expect([h.length, h[0]?.at, h.filter((x) => x.query === '{ a20 }').length]).toEqual([historyLimit, 'later', 1]);
  expect(withAsked(h, asked('  '))).toEqual(h);
  expect(withAsked(h, asked('x'.repeat(30_000)))).toEqual(h);
});

it('names queries by their operation', () => {
  expect(titleOf('# hello\nquery WhoCan($p: String) { a }')).toBe('WhoCan');
  expect(titleOf('# c\n{ statistics { identities } }')).toBe('{ statistics { identities } }');
});

it('takes messages of GraphiQL and no others', () => {
  expect(readMessage({ accessgraph: { type: 'ran', query: '{ a }', ok: true, ms: 3 } })).toEqual({ type: 'ran', query: '{ a }', variables: '', ok: true, ms: 3 });
  expect([readMessage('x'), readMessage(null), readMessage({ type: 'ran' }), readMessage({ accessgraph: { type: 'ran', query: 1 } })]).toEqual([null, null, null, null]);
});

it('hands a query over whole', () => {
  const p = new URL(framePath({ query: '{ a(b: "c&d=é") }', variables: '{}' }, 'dark'), 'http://x').searchParams;
  expect([p.get('query'), p.get('variables'), p.get('theme')]).toEqual(['{ a(b: "c&d=é") }', '{}', 'dark']);
});
