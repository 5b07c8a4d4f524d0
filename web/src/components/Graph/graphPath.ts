import type { EntityType } from '@/gql/schema';

/** Where an entity is drawn: what it reaches, for a resource what reaches it. */
export function graphPath(e: { id: string; type: EntityType }): string {
  return `/graph?${new URLSearchParams({ [e.type === 'RESOURCE' ? 'to' : 'from']: e.id })}`;
}

/** Where the access of one entity to another is drawn. */
export const pairPath = (from: string, to: string) => `/graph?${new URLSearchParams({ from, to })}`;
