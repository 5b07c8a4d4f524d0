import type { TypedDocumentNode } from '@urql/core';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';

/** A connection of the API: a page of rows, and how to go on. */
export interface Connection<Row> {
  edges: Row[];
  pageInfo: { hasNextPage: boolean; endCursor?: string | null };
  totalCount?: number;
}

export interface Pages<Row> {
  /** What is loaded so far, in order. While another question is on its way: the answer to the one before. */
  rows: Row[];
  loading: boolean;
  error: unknown;
  hasMore: boolean;
  /** How many there are in all; undefined where it is not known. */
  totalCount: number | undefined;
  /** Asks for the next page. May be called any time; what is on its way is not asked for twice. */
  more: () => void;
  /** Asks again for what failed. */
  retry: () => void;
}

interface State<Row> {
  rows: Row[];
  loading: boolean;
  error: unknown;
  after: string | null;
  hasMore: boolean;
  totalCount: number | undefined;
}

/**
 * The pages of a connection, one after the other. variables without `after`; a change of them
 * begins anew. pick takes the connection out of the answer; undefined where there is none (the
 * entity does not exist). Both may be made anew on every render.
 */
export function usePages<Data, Variables extends { after?: string | null | undefined }, Row>(
  query: TypedDocumentNode<Data, Variables>, variables: Omit<Variables, 'after'>, pick: (data: Data) => Connection<Row> | null | undefined, pause = false,
): Pages<Row> {
  const client = useClient();
  const key = JSON.stringify(variables);
  const [state, setState] = useState<State<Row>>({ rows: [], loading: true, error: undefined, after: null, hasMore: false, totalCount: undefined });
  const latest = useRef({ variables, pick, after: state.after });
  latest.current.variables = variables;
  latest.current.pick = pick;
  const running = useRef<{ key: string } | null>(null);

  const load = useCallback((first: boolean) => {
    const turn = { key };
    running.current = turn;
    setState((s) => ({ ...s, loading: true, error: undefined }));
    const { variables: given, after } = latest.current;
    void client.query(query, { ...given, after: first ? null : after } as Variables).toPromise().then(({ data, error }) => {
      if (running.current !== turn) return; // another question was asked meanwhile
      running.current = null;
      if (error || !data) {
        setState((s) => ({ ...s, rows: first ? [] : s.rows, loading: false, error: error ?? new Error('There was no answer') }));
        return;
      }
      const page = latest.current.pick(data);
      latest.current.after = page?.pageInfo.endCursor ?? null;
      setState((s) => ({
        rows: first ? page?.edges ?? [] : [...s.rows, ...(page?.edges ?? [])], loading: false, error: undefined, after: page?.pageInfo.endCursor ?? null,
        hasMore: page?.pageInfo.hasNextPage ?? false, totalCount: page?.totalCount,
      }));
    });
  }, [client, key, query]);

  useEffect(() => {
    if (pause) return;
    load(true);
    return () => { running.current = null; };
  }, [load, pause]);

  const more = useCallback(() => {
    if (!running.current && !pause) load(false);
  }, [load, pause]);
  const retry = useCallback(() => load(latest.current.after === null), [load]);
  return { rows: state.rows, loading: state.loading, error: state.error, hasMore: state.hasMore, totalCount: state.totalCount, more, retry };
}
