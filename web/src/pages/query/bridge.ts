// What this page and GraphiQL, in a frame of the same origin, tell each other. See internal/server/graphiql/page.js.

export interface Query {
  query: string;
  variables: string;
}

/** What GraphiQL says: it is ready for messages, or something was asked and answered. */
export type Said = { type: 'ready' } | ({ type: 'ran'; ok: boolean; ms: number } & Query) | { type: 'signedOut' };

/** A message of the frame; null for anything else that a window may be sent. */
export function readMessage(data: unknown): Said | null {
  if (typeof data !== 'object' || data === null || !('accessgraph' in data)) return null;
  const m = data.accessgraph as Record<string, unknown>;
  if (m['type'] === 'ready' || m['type'] === 'signedOut') return { type: m['type'] };
  if (m['type'] !== 'ran' || typeof m['query'] !== 'string') return null;
  return { type: 'ran', query: m['query'], variables: typeof m['variables'] === 'string' ? m['variables'] : '', ok: m['ok'] === true, ms: typeof m['ms'] === 'number' ? m['ms'] : 0 };
}

/** Where the frame begins: with a query, where there is one, and in the page's colours. */
export function framePath(at: Query, theme: string): string {
  const params = new URLSearchParams({ theme });
  if (at.query) params.set('query', at.query);
  if (at.variables) params.set('variables', at.variables);
  return `/graphiql?${params}`;
}
