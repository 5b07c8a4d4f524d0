import type { EntityFilter, EntityType } from '@/gql/schema';
import { filterSearch } from '@/hooks/useEntityFilter';

const lists: Record<EntityType, string> = { IDENTITY: '/identities', CONNECTION: '/connections', RESOURCE: '/resources' };

/** The page that lists what passes a filter: that of its type, where it is about one type. */
export function listPath(filter: EntityFilter): string {
  const { type, ...rest } = filter;
  // Only identities have an identity type.
  const only = Array.isArray(type) && type.length === 1 ? type[0] : !type && rest.identityType ? 'IDENTITY' : undefined;
  return only ? `${lists[only]}${filterSearch(rest)}` : `/filters${filterSearch(filter)}`;
}

/** The page that shows what an import changed. */
export function changesPath(run: { startedAt: string; finishedAt?: string | null }): string {
  const before = new Date(new Date(run.startedAt).getTime() - 1).toISOString();
  const after = new Date(run.finishedAt ? new Date(run.finishedAt).getTime() + 1 : Date.now()).toISOString();
  return `/compare?${new URLSearchParams({ from: before, to: after })}`;
}
