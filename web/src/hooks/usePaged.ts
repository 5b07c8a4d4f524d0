import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient, type AnyVariables, type RequestPolicy, type TypedDocumentNode } from 'urql';

/** One page of an answer. */
export interface PageOf<Row> {
  rows: Row[];
  endCursor: string | null | undefined;
  hasMore: boolean;
  /** Left out on pages that did not count. */
  totalCount?: number | undefined;
}

export interface Paged<Row> {
  rows: Row[];
  totalCount: number | undefined;
  hasMore: boolean;
  loading: boolean;
  error: Error | undefined;
  loadMore: () => void;
  /** Asks for everything anew. */
  reload: () => void;
}

interface State<Row> extends Pick<Paged<Row>, 'rows' | 'totalCount' | 'hasMore' | 'loading' | 'error'> {
  cursor: string | null;
}

const nothing = { rows: [], totalCount: undefined, hasMore: false, loading: true, error: undefined, cursor: null };

/**
 * Rows that are loaded page by page, each after the last one's cursor. Other variables begin
 * again; the old rows stay until the first answer. `variables` are compared by what they
 * say. `pick` finds the page in an answer and has to stay the same function. `paging`
 * makes the variables of one page: cursor null = the first, which counts the rows, too.
 */
export function usePaged<Data, Variables extends AnyVariables, Row>(
  query: TypedDocumentNode<Data, Variables>, variables: object, pick: (data: Data) => PageOf<Row>,
  paging: (cursor: string | null) => object = after,
): Paged<Row> {
  const client = useClient();
  const [state, setState] = useState<State<Row>>(nothing);
  const run = useRef(0); // answers to older questions are dropped
  const key = JSON.stringify(variables);
  const fetchPage = useCallback(async (cursor: string | null, requestPolicy: RequestPolicy) => {
    const mine = ++run.current;
    setState((s) => ({ ...s, loading: true, error: undefined }));
    const all = { ...(JSON.parse(key) as object), ...paging(cursor) } as unknown as Variables;
    const { data, error } = await client.query(query, all, { requestPolicy }).toPromise();
    if (mine !== run.current) return;
    if (error || !data) {
      setState((s) => ({ ...s, ...(cursor === null ? { rows: [], totalCount: undefined, hasMore: false, cursor: null } : {}), loading: false, error }));
      return;
    }
    const page = pick(data);
    setState((s) => ({
      rows: cursor === null ? page.rows : [...s.rows, ...page.rows], cursor: page.endCursor ?? null, loading: false, error: undefined,
      hasMore: page.hasMore && Boolean(page.endCursor), totalCount: page.totalCount ?? (cursor === null ? undefined : s.totalCount),
    }));
  }, [client, query, key, pick, paging]);
  useEffect(() => {
    void fetchPage(null, 'cache-first');
    const answers = run;
    return () => void answers.current++;
  }, [fetchPage]);
  const { cursor, hasMore, loading } = state;
  const loadMore = useCallback(() => {
    if (hasMore && !loading) void fetchPage(cursor, 'cache-first');
  }, [fetchPage, cursor, hasMore, loading]);
  const reload = useCallback(() => void fetchPage(null, 'network-only'), [fetchPage]);
  const { rows, totalCount, error } = state;
  return useMemo(() => ({ rows, totalCount, hasMore, loading, error, loadMore, reload }), [rows, totalCount, hasMore, loading, error, loadMore, reload]);
}

const after = (cursor: string | null) => ({ after: cursor ?? undefined });
