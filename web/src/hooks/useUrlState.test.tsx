import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { createMemoryRouter, RouterProvider } from 'react-router';
import { describe, expect, it } from 'vitest';
import { useAsOf } from './useAsOf';
import { filterSearch, useEntityFilter } from './useEntityFilter';
import { choiceCodec, flagCodec, jsonCodec, listCodec, textCodec, useUrlState } from './useUrlState';

/** Runs a hook at an address, and tells where the router is. */
function at<T>(url: string, hook: () => T) {
  let inner: ReactNode = null;
  const router = createMemoryRouter([{ path: '*', Component: () => inner }], { initialEntries: [url] });
  const view = renderHook(hook, {
    wrapper: ({ children }) => {
      inner = children;
      return <RouterProvider router={router} />;
    },
  });
  const settle = (change: () => void) => act(async () => {
    change();
    await Promise.resolve();
  });
  return { ...view, router, settle, search: () => router.state.location.search };
}

const direction = choiceCodec('asc', 'desc');

describe('useUrlState', () => {
  it('reads, writes, and leaves defaults out', async () => {
    const h = at('/x?q=ann&dir=nonsense', () => ({ q: useUrlState('q', textCodec), dir: useUrlState('dir', direction) }));
    expect(h.result.current.q[0]).toBe('ann');
    expect(h.result.current.dir[0]).toBe('asc');
    await h.settle(() => h.result.current.dir[1]('desc'));
    expect(h.result.current.dir[0]).toBe('desc');
    await h.settle(() => h.result.current.q[1](''));
    expect(h.search()).toBe('?dir=desc');
  });

  it('makes one navigation of changes made together, losing none', async () => {
    const h = at('/x?keep=1', () => ({ a: useUrlState('a', textCodec), b: useUrlState('b', flagCodec) }));
    const seen: string[] = [];
    h.router.subscribe((s) => seen.push(s.location.search));
    await h.settle(() => {
      h.result.current.a[1]('one');
      h.result.current.b[1](true);
      h.result.current.a[1]('two');
    });
    expect(h.search()).toBe('?keep=1&a=two&b=1');
    expect(new Set(seen)).toEqual(new Set(['?keep=1&a=two&b=1']));
  });

  it('adds to the history only when asked to', async () => {
    const h = at('/x', () => useUrlState('q', textCodec));
    await h.settle(() => h.result.current[1]('a'));
    await h.settle(() => h.result.current[1]('b', { push: true }));
    await act(() => h.router.navigate(-1));
    expect(h.result.current[0]).toBe('a');
  });

  it('keeps the same value while the text is the same', async () => {
    const h = at('/x?cols=a,b', () => ({ cols: useUrlState('cols', listCodec), q: useUrlState('q', textCodec) }));
    const before = h.result.current.cols[0];
    await h.settle(() => h.result.current.q[1]('x'));
    expect(h.result.current.cols[0]).toBe(before);
  });
});

describe('codecs', () => {
  it('tells an empty list from none', () => {
    expect(listCodec.parse(null)).toBeNull();
    expect(listCodec.parse('')).toEqual([]);
    expect(listCodec.format([])).toBe('');
    expect(listCodec.format(null)).toBeNull();
  });

  it('falls back where JSON cannot be read or is something else', () => {
    const codec = jsonCodec<number>(7, (v): v is number => typeof v === 'number');
    expect([codec.parse('{'), codec.parse('"x"'), codec.parse('3'), codec.parse(null)]).toEqual([7, 7, 3, 7]);
    expect([codec.format(7), codec.format(8)]).toEqual([null, '8']);
  });
});

describe('useAsOf', () => {
  it('is now where the URL says nothing or nonsense', () => {
    expect(at('/x', useAsOf).result.current[0]).toBeNull();
    expect(at('/x?asOf=yesterday', useAsOf).result.current[0]).toBeNull();
  });

  it('round-trips a moment', async () => {
    const h = at('/x', useAsOf);
    await h.settle(() => h.result.current[1](new Date('2026-03-01T12:00:00Z')));
    expect(h.search()).toBe('?asOf=2026-03-01T12%3A00%3A00Z');
    expect(h.result.current[0]?.getTime()).toBe(Date.UTC(2026, 2, 1, 12));
  });
});

describe('useEntityFilter', () => {
  it('round-trips a filter through a link', () => {
    const filter = { type: ['IDENTITY' as const], name: { contains: 'a&b="%' }, having: [{ atLeast: 2 }] };
    expect(at(`/x${filterSearch(filter)}`, useEntityFilter).result.current[0]).toEqual(filter);
    expect(filterSearch({})).toBe('');
    expect(at('/x?filter=[1]', useEntityFilter).result.current[0]).toEqual({});
  });
});
