import { useMemo } from 'react';
import type { EntityFilter, EntityType, Reach, StringMatch } from '@/gql/schema';
import { choiceCodec, flagCodec, textCodec, useUrlState } from '@/hooks/useUrlState';

/** What narrows a table of access. All of it is in the URL. */
export interface AccessFilters {
  /** A part of the name, username, e-mail or source id at the other end. */
  q: string;
  type: '' | EntityType;
  /** A part of the permission's name. */
  permission: string;
  /** Only grants of its own: nothing nested. */
  direct: boolean;
}

const typeCodec = choiceCodec<'' | EntityType>('', 'IDENTITY', 'CONNECTION', 'RESOURCE');

/** The names that the filters have in the URL, for leaving them out when another tab opens. */
export const accessParams = ['q', 'type', 'permission', 'direct', 'chains', 'sort', 'direction', 'ended', 'status', 'side'] as const;

/** Which entities a text may mean: as the search of the lists has it. */
export function textFilter(q: string): EntityFilter {
  const text = q.trim();
  if (!text) return {};
  const match = { contains: text };
  return { or: [{ name: match }, { username: match }, { email: match }, { sourceId: match }] };
}

export interface AccessVariables {
  reach: Reach;
  filter: EntityFilter | undefined;
  permission: StringMatch | undefined;
}

/** What a query of access is given. only: the one type that the table is about. */
export function accessVariables(f: AccessFilters, only?: EntityType): AccessVariables {
  const type = only ?? f.type;
  const filter: EntityFilter = { ...(type ? { type: [type] } : {}), ...textFilter(f.q) };
  return {
    reach: f.direct ? 'DIRECT' : 'EFFECTIVE',
    filter: Object.keys(filter).length > 0 ? filter : undefined,
    permission: f.permission.trim() ? { contains: f.permission.trim() } : undefined,
  };
}

/** The filters of the page, from the URL. */
export function useAccessFilters() {
  const [q, setQ] = useUrlState('q', textCodec);
  const [type, setType] = useUrlState('type', typeCodec);
  const [permission, setPermission] = useUrlState('permission', textCodec);
  const [direct, setDirect] = useUrlState('direct', flagCodec);
  const [chains, setChains] = useUrlState('chains', flagCodec);
  const filters = useMemo<AccessFilters>(() => ({ q, type, permission, direct }), [q, type, permission, direct]);
  const clear = () => { setQ(''); setType(''); setPermission(''); setDirect(false); };
  const any = q !== '' || type !== '' || permission !== '' || direct;
  return { filters, setQ, setType, setPermission, setDirect, chains, setChains, clear, any };
}

export type UseAccessFilters = ReturnType<typeof useAccessFilters>;
