import { useMemo } from 'react';
import { useQuery } from 'urql';
import { useMay } from '@/api/session';
import { graphql } from '@/gql';
import type { EntityField, EntityFilter } from '@/gql/schema';
import { useAsOfVariable } from '@/hooks/useAsOf';
import { useDebounced } from '@/hooks/useDebounced';
import type { Field } from './fields';

const FilterValues = graphql(`
  query FilterValues($filter: EntityFilter, $by: [EntityField!]!, $asOf: Time) {
    entityFacets(filter: $filter, by: $by, asOf: $asOf) {
      field
      buckets {
        value
        label
        count
      }
    }
  }
`);

const FilterNames = graphql(`
  query FilterNames($filter: EntityFilter, $search: String, $asOf: Time) {
    entities(filter: $filter, search: $search, first: 12, asOf: $asOf) {
      edges {
        node {
          ...EntityBrief
        }
      }
    }
  }
`);

const FilterEmployees = graphql(`
  query FilterEmployees($search: String) {
    employees(search: $search, first: 12) {
      edges {
        node {
          id
          fullName
          workEmail
        }
      }
    }
  }
`);

export interface Suggestion {
  value: string;
  /** Beside the value: how many have it, or who it is. */
  hint: string;
}

const none: Suggestion[] = [];

/**
 * Values in use, for a field: those of what the other conditions of its group leave. Nothing is
 * asked until the field is active. `searched` says that the server has looked for the text
 * already, so that the list is not to be narrowed again.
 */
export function useSuggestions(field: Field | undefined, scope: EntityFilter, text: string, active: boolean): { values: Suggestion[]; searched: boolean } {
  const asOf = useAsOfVariable();
  const search = useDebounced(text.trim(), 200);
  const mayEmployees = useMay('RISK_MANAGER');
  const source = field?.suggest;
  const facet = source && source !== 'NAMES' && source !== 'EMPLOYEES' ? source : undefined;
  const by = useMemo<EntityField[]>(() => (facet ? [facet] : []), [facet]);
  const [facets] = useQuery({ query: FilterValues, variables: { filter: scope, by, asOf }, pause: !active || !facet });
  const [names] = useQuery({ query: FilterNames, variables: { filter: scope, search, asOf }, pause: !active || source !== 'NAMES' });
  const [people] = useQuery({ query: FilterEmployees, variables: { search }, pause: !active || source !== 'EMPLOYEES' || !mayEmployees });
  const values = useMemo(() => {
    if (!active) return none;
    if (facet) {
      const buckets = facets.data?.entityFacets[0]?.buckets ?? [];
      return buckets.filter((b) => b.value !== '').map((b) => ({
        value: b.value, hint: `${b.label !== b.value ? `${b.label} · ` : ''}${b.count.toLocaleString('en-US')}`,
      }));
    }
    if (source === 'NAMES') return unique((names.data?.entities.edges ?? []).map(({ node }) => ({ value: node.name, hint: `${node.sourceType} · ${node.integration.name}` })));
    if (source === 'EMPLOYEES') return unique((people.data?.employees.edges ?? []).map(({ node }) => ({ value: node.workEmail, hint: node.fullName })));
    return none;
  }, [active, facet, source, facets.data, names.data, people.data]);
  return { values, searched: source === 'NAMES' || source === 'EMPLOYEES' };
}

/** One suggestion for each value: names are not unique. */
function unique(all: Suggestion[]): Suggestion[] {
  return [...new Map(all.map((s) => [s.value, s])).values()];
}
