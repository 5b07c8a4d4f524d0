import { describe, expect, it } from 'vitest';
import { changesPath, listPath } from './links';
import { readReport } from './report';

describe('listPath', () => {
  it('leads to the list of the one type that a filter is about', () => {
    expect(listPath({ type: ['CONNECTION'] })).toBe('/connections');
    const url = new URL(listPath({ type: ['IDENTITY'], neverActive: true }), 'http://x');
    expect([url.pathname, JSON.parse(url.searchParams.get('filter')!)]).toEqual(['/identities', { neverActive: true }]);
    expect(listPath({ identityType: ['UNMAPPED'] })).toMatch(/^\/identities\?/);
  });

  it('leads to the filter itself where that is about more', () => {
    expect(listPath({ type: ['IDENTITY', 'RESOURCE'] })).toMatch(/^\/filters\?filter=/);
    expect(listPath({ name: { contains: 'x' } })).toMatch(/^\/filters\?filter=/);
  });
});

it('changesPath spans the whole import', () => {
  const url = new URL(changesPath({ startedAt: '2026-03-01T10:00:00.500Z', finishedAt: '2026-03-01T10:00:02Z' }), 'http://x');
  expect(url.searchParams.get('from')).toBe('2026-03-01T10:00:00.499Z');
  expect(url.searchParams.get('to')).toBe('2026-03-01T10:00:02.001Z');
});

describe('readReport', () => {
  it('lists what changed, and whether access may have', () => {
    const r = readReport({ rows: 9, entities: { added: 0, updated: 0, removed: 0, unchanged: 5 }, mappings: { added: 2, updated: 0, removed: 1 }, errors: [] });
    expect(r).toEqual({ rows: 9, changes: [{ what: 'mappings', added: 2, updated: 0, removed: 1 }], access: false, errors: 0 });
    expect(readReport({ grants: { removed: 1 } }).access).toBe(true);
  });

  it('takes a report that says nothing', () => {
    expect(readReport(null)).toEqual({ rows: 0, changes: [], access: false, errors: 0 });
  });
});
