import type { EntityFilter, FilterPage } from '@/gql/schema';
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
