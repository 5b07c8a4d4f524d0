import type { PageOf } from './usePaged';

/** A connection of the API as a page of rows for usePaged: the rows are its edges. Nothing, where there is no such connection. */
export function pageOf<Edge>(connection: { edges: Edge[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null }; totalCount: number } | null | undefined): PageOf<Edge> {
  if (!connection) return { rows: [], endCursor: null, hasMore: false, totalCount: 0 };
  return { rows: connection.edges, endCursor: connection.pageInfo.endCursor, hasMore: connection.pageInfo.hasNextPage, totalCount: connection.totalCount };
}
