import type { EntityFilter } from '@/gql/schema';
import { jsonCodec, useUrlState, type SetUrlOptions } from './useUrlState';

export const noFilter: EntityFilter = Object.freeze({});

const isObject = (value: unknown): value is EntityFilter => typeof value === 'object' && value !== null && !Array.isArray(value);

/** An EntityFilter as JSON; {} = no filter, not in the URL. The server checks the rest. */
export const filterCodec = jsonCodec<EntityFilter>(noFilter, isObject);

/** The filter of the page, from the URL. */
export function useEntityFilter(name = 'filter'): [EntityFilter, (filter: EntityFilter, options?: SetUrlOptions) => void] {
  return useUrlState(name, filterCodec);
}

/** The part of a URL that carries a filter: `?filter=…`, or nothing. */
export function filterSearch(filter: EntityFilter): string {
  const text = filterCodec.format(filter);
  return text === null ? '' : `?${new URLSearchParams({ filter: text })}`;
}
