import { useMemo } from 'react';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import type { FilterPreviewQuery } from '@/gql/graphql';
import type { EntityFilter } from '@/gql/schema';
import { useAsOfVariable } from '@/hooks/useAsOf';
import { useDebounced } from '@/hooks/useDebounced';

const FilterPreview = graphql(`
  query FilterPreview($filter: EntityFilter, $search: String, $asOf: Time) {
    entities(filter: $filter, search: $search, first: 20, asOf: $asOf) {
      totalCount
      edges {
        node {
          ...EntityBrief
          username
          email
        }
      }
    }
  }
`);

export type PreviewRow = FilterPreviewQuery['entities']['edges'][number]['node'];

export interface PreviewState {
  rows: readonly PreviewRow[];
  /** undefined until the first answer, and while the server refuses the filter. */
  count: number | undefined;
  /** An answer is on its way; rows and count are those before it. */
  busy: boolean;
  error: unknown;
  retry: () => void;
}

/**
 * How many pass and the first of them, once the filter has settled. A request that is overtaken
 * by the next is cancelled.
 */
export function usePreview(filter: EntityFilter, search: string): PreviewState {
  const asOf = useAsOfVariable();
  const now = JSON.stringify({ filter, search });
  const settled = useDebounced(now, 300);
  const variables = useMemo(() => ({ ...(JSON.parse(settled) as { filter: EntityFilter; search: string }), asOf }), [settled, asOf]);
  const [{ data, error, fetching, stale }, again] = useQuery({ query: FilterPreview, variables });
  const rows = useMemo(() => data?.entities.edges.map((e) => e.node) ?? [], [data]);
  return {
    rows: error ? [] : rows, count: error ? undefined : data?.entities.totalCount, busy: fetching || stale || now !== settled,
    error: fetching ? undefined : error, retry: () => again({ requestPolicy: 'network-only' }),
  };
}
