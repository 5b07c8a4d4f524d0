import type { EntityFilter, EntityType, FilterPage } from '@/gql/schema';
import { filterSearch } from '@/hooks/useEntityFilter';

/** What each kind of page is called and where it is. */
export const filterPages: Record<FilterPage, { label: string; path: string }> = {
  ENTITIES: { label: 'All entities', path: '/filters' },
  IDENTITIES: { label: 'Identities', path: '/identities' },
  CONNECTIONS: { label: 'Connections', path: '/connections' },
  RESOURCES: { label: 'Resources', path: '/resources' },
  APPLICATIONS: { label: 'Applications', path: '/applications' },
  EMPLOYEES: { label: 'Employees', path: '/employees' },
};

const listed: Partial<Record<FilterPage, EntityType>> = { IDENTITIES: 'IDENTITY', CONNECTIONS: 'CONNECTION', RESOURCES: 'RESOURCE' };

/** What of a filter is lost on a page, out of what the page drops: the type that it lists anyway is not. */
export function lostOn(page: FilterPage, filter: EntityFilter, dropped: string[]): string[] {
  const only = filter.type?.length === 1 ? filter.type[0] : undefined;
  return only !== undefined && only === listed[page] ? dropped.filter((part) => part !== 'type') : dropped;
}

/** A page with a filter and a text search applied. */
export function filteredPage(page: FilterPage, filter: EntityFilter, search?: string | null): string {
  const base = `${filterPages[page].path}${filterSearch(filter)}`;
  return search ? `${base}${base.includes('?') ? '&' : '?'}${new URLSearchParams({ q: search })}` : base;
}

/** The builder with a filter, and which saved one it came from. */
export function builderPage(filter: EntityFilter, search?: string | null, id?: string): string {
  const params = new URLSearchParams(filterSearch(filter));
  if (search) params.set('q', search);
  if (id) params.set('saved', id);
  return params.size > 0 ? `/filters?${params}` : '/filters';
}
