import { useCallback, useEffect, useRef, useState } from 'react';
import { useClient } from 'urql';
import { ended } from '@/app/jobs';
import type { JobsPageQuery } from '@/gql/graphql';
import type { JobState } from '@/gql/schema';
import { JobsPage } from './documents';

export type ListedJob = JobsPageQuery['jobs']['edges'][number]['node'];

const pageSize = 50;
const pollMs = 2000;

/** Newer jobs take the place of older ones with the same id; those that are not in the list yet come first. */
export function merged(old: readonly ListedJob[], newer: readonly ListedJob[]): ListedJob[] {
  const byId = new Map(newer.map((j) => [j.id, j]));
  const known = new Set(old.map((j) => j.id));
  return [...newer.filter((j) => !known.has(j.id)), ...old.map((j) => byId.get(j.id) ?? j)];
}

interface State {
  rows: ListedJob[];
  loading: boolean;
  error: Error | undefined;
  cursor: string | null;
  hasMore: boolean;
}

const nothing: State = { rows: [], loading: true, error: undefined, cursor: null, hasMore: false };

/**
 * The jobs, newest first, page by page; the newest page is asked for again while one of the
 * listed is not over. (A stream for each would use up the browser's connections.)
 */
export function useJobs(state: JobState | null, kind: string | null) {
  const client = useClient();
  const [list, setList] = useState<State>(nothing);
  const run = useRef(0);
  const ask = useCallback(
    (after: string | null) => client.query(JobsPage, { state, kind, first: pageSize, after }, { requestPolicy: 'network-only' }).toPromise(),
    [client, state, kind],
  );
  const reload = useCallback(async () => {
    const mine = ++run.current;
    setList((s) => ({ ...s, loading: true, error: undefined }));
    const { data, error } = await ask(null);
    if (mine !== run.current) return;
    setList(data ? { rows: data.jobs.edges.map((e) => e.node), loading: false, error: undefined, cursor: data.jobs.pageInfo.endCursor ?? null, hasMore: data.jobs.pageInfo.hasNextPage } : { ...nothing, loading: false, error });
  }, [ask]);
  useEffect(() => {
    void reload();
    const runs = run;
    return () => void runs.current++;
  }, [reload]);
  const { cursor, hasMore, loading } = list;
  const loadMore = useCallback(async () => {
    if (!hasMore || loading) return;
    const mine = run.current;
    setList((s) => ({ ...s, loading: true }));
    const { data, error } = await ask(cursor);
    if (mine !== run.current) return;
    setList((s) => (data
      ? { rows: [...s.rows, ...data.jobs.edges.map((e) => e.node)], loading: false, error: undefined, cursor: data.jobs.pageInfo.endCursor ?? null, hasMore: data.jobs.pageInfo.hasNextPage }
      : { ...s, loading: false, error }));
  }, [ask, cursor, hasMore, loading]);
  const busy = list.rows.some((j) => !ended(j));
  useEffect(() => {
    if (!busy || state !== null) return undefined; // a job that changes its state leaves a list of one state
    const timer = setInterval(() => {
      const mine = run.current;
      void ask(null).then(({ data }) => {
        if (data && mine === run.current) setList((s) => ({ ...s, rows: merged(s.rows, data.jobs.edges.map((e) => e.node)) }));
      });
    }, pollMs);
    return () => clearInterval(timer);
  }, [busy, state, ask]);
  return { ...list, reload, loadMore };
}
