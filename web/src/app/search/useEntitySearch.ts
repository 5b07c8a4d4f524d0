import { useMemo } from 'react';
import { useQuery } from 'urql';
import { useMay } from '@/api/session';
import { entityPath, kindPlurals, type EntityKind } from '@/components/Entity';
import { graphql } from '@/gql';
import { useDebounced } from '@/hooks/useDebounced';
import type { Option } from './options';

const GlobalSearch = graphql(`
  query GlobalSearch($text: String!, $all: Boolean!) {
    identities: entities(search: $text, filter: { type: [IDENTITY] }, first: 5) {
      totalCount
      edges {
        node {
          ...EntityBrief
        }
      }
    }
    connections: entities(search: $text, filter: { type: [CONNECTION] }, first: 5) {
      totalCount
      edges {
        node {
          ...EntityBrief
        }
      }
    }
    resources: entities(search: $text, filter: { type: [RESOURCE] }, first: 5) {
      totalCount
      edges {
        node {
          ...EntityBrief
        }
      }
    }
    employees(search: $text, first: 5) @include(if: $all) {
      totalCount
      edges {
        node {
          id
          fullName
          title
        }
      }
    }
    applications(search: $text) @include(if: $all) {
      id
      name
    }
  }
`);

const lists: Record<Exclude<EntityKind, 'INSIGHT'>, string> = {
  IDENTITY: '/identities', CONNECTION: '/connections', RESOURCE: '/resources', EMPLOYEE: '/employees',
};

/** "All 37 identities", where the first five are not all. */
function rest(kind: keyof typeof lists, count: number, shown: number, text: string): Option[] {
  if (count <= shown) return [];
  const to = `${lists[kind]}?${new URLSearchParams({ q: text })}`;
  const plural = kindPlurals[kind];
  return [{ id: `all ${kind}`, group: plural, label: `All ${count.toLocaleString('en-US')} ${plural.toLowerCase()}`, to, icon: 'arrowRight' }];
}

/** What there is with this text, grouped by type, in the server's order. */
export function useEntitySearch(input: string, pause = false) {
  const text = useDebounced(input.trim(), 150);
  const asked = text !== '' && input.trim() !== '' && !pause;
  const all = useMay('RISK_MANAGER');
  const [{ data, error, fetching, stale }] = useQuery({ query: GlobalSearch, variables: { text, all }, pause: !asked });
  const options = useMemo<Option[]>(() => {
    if (!asked || !data) return [];
    const entities = (['identities', 'connections', 'resources'] as const).flatMap((name, i) => {
      const kind = (['IDENTITY', 'CONNECTION', 'RESOURCE'] as const)[i]!;
      const found = data[name].edges.map(({ node }): Option => ({
        id: node.id, group: kindPlurals[kind], label: node.name, hint: `${node.sourceType} · ${node.integration.name}`, kind, to: entityPath(node.id),
      }));
      return [...found, ...rest(kind, data[name].totalCount, found.length, text)];
    });
    const people = data.employees?.edges.map(({ node }): Option => ({
      id: node.id, group: kindPlurals.EMPLOYEE, label: node.fullName, hint: node.title ?? '', kind: 'EMPLOYEE', to: `/employees/${encodeURIComponent(node.id)}`,
    })) ?? [];
    const applications = data.applications?.slice(0, 5).map((a): Option => ({
      id: a.id, group: 'Applications', label: a.name, icon: 'apps', to: `/applications?${new URLSearchParams({ q: a.name })}`,
    })) ?? [];
    return [...entities, ...people, ...rest('EMPLOYEE', data.employees?.totalCount ?? 0, people.length, text), ...applications];
  }, [asked, data, text]);
  return { text, options, error: asked ? error : undefined, busy: asked && (fetching || stale || text !== input.trim()) };
}
