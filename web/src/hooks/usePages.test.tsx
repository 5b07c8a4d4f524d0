import { act, renderHook, waitFor } from '@testing-library/react';
import type { TypedDocumentNode } from '@urql/core';
import type { ReactNode } from 'react';
import { Provider, type Client } from 'urql';
import { expect, it, vi } from 'vitest';
import { usePages, type Connection } from './usePages';

type Vars = { q: string; after?: string | null };
type Data = { list: Connection<string> };
const query = {} as TypedDocumentNode<Data, Vars>;

/** A server with five rows to a question, two on a page, that answers when told to. */
function server() {
  const waiting: (() => void)[] = [];
  let broken = false;
  const ask = vi.fn((_: unknown, v: Vars) => ({
    toPromise: () => new Promise((resolve) => {
      waiting.push(() => {
        if (broken) return resolve({ error: new Error('broken') });
        const from = Number(v.after ?? 0);
        const edges = [0, 1, 2, 3, 4].slice(from, from + 2).map((n) => `${v.q}${n}`);
        resolve({ data: { list: { edges, totalCount: 5, pageInfo: { hasNextPage: from + 2 < 5, endCursor: String(from + 2) } } } });
      });
    }),
  }));
  const client = { query: ask } as unknown as Client;
  return {
    ask, wrapper: ({ children }: { children: ReactNode }) => <Provider value={client}>{children}</Provider>,
    answer: () => act(async () => { waiting.splice(0).forEach((go) => go()); await Promise.resolve(); }),
    break: (on: boolean) => { broken = on; },
  };
}

it('loads page after page, each once', async () => {
  const s = server();
  const h = renderHook(() => usePages(query, { q: 'a' }, (d) => d.list), { wrapper: s.wrapper });
  expect(h.result.current.loading).toBe(true);
  act(() => h.result.current.more()); // too early: the first page is on its way
  await s.answer();
  expect(h.result.current).toMatchObject({ rows: ['a0', 'a1'], hasMore: true, totalCount: 5, loading: false });
  act(() => { h.result.current.more(); h.result.current.more(); });
  await s.answer();
  act(() => h.result.current.more());
  await s.answer();
  expect(h.result.current).toMatchObject({ rows: ['a0', 'a1', 'a2', 'a3', 'a4'], hasMore: false });
  expect(s.ask).toHaveBeenCalledTimes(3);
});

it('forgets the answer to a question that is no longer asked', async () => {
  const s = server();
  const h = renderHook(({ q }) => usePages(query, { q }, (d) => d.list), { wrapper: s.wrapper, initialProps: { q: 'a' } });
  await s.answer();
  act(() => h.result.current.more());
  h.rerender({ q: 'b' });
  expect(h.result.current.rows).toEqual(['a0', 'a1']); // still there, until the new ones come
  await s.answer();
  await waitFor(() => expect(h.result.current.rows).toEqual(['b0', 'b1']));
});

it('keeps what there is when a later page fails, and tries that page again', async () => {
  const s = server();
  const h = renderHook(() => usePages(query, { q: 'a' }, (d) => d.list), { wrapper: s.wrapper });
  await s.answer();
  s.break(true);
  act(() => h.result.current.more());
  await s.answer();
  expect(h.result.current.error).toBeInstanceOf(Error);
  expect(h.result.current.rows).toEqual(['a0', 'a1']);
  s.break(false);
  act(() => h.result.current.retry());
  await s.answer();
  expect(h.result.current).toMatchObject({ rows: ['a0', 'a1', 'a2', 'a3'], error: undefined });
});
