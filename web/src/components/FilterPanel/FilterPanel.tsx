import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { useQuery } from 'urql';
import { messageOf } from '@/api/errors';
import type { EntityField, EntityFilter, EntityType } from '@/gql/schema';
import { useStored } from '@/hooks/useStored';
import { PanelFacets } from './documents';
import { FacetValues, type FacetValue } from './FacetValues';
import { bucketLabel, chosenOf, panelFields, restricts, withChosen, type FacetField, type PanelField } from './fields';
import classes from './FilterPanel.module.css';
import { relationText, without, withKey, withRelation } from './match';
import { Section } from './Section';
import { TextValue } from './TextValue';

export interface FilterPanelProps {
  kind: EntityType;
  /** What the page asks for, without the type. */
  filter: EntityFilter;
  search?: string | undefined;
  asOf?: string | undefined;
  onChange: (filter: EntityFilter) => void;
}

type Buckets = { value: string; label: string; count: number }[];

const firstOpen: Record<EntityType, string[]> = {
  IDENTITY: ['integration', 'identityType', 'status'], CONNECTION: ['integration', 'sourceType'], RESOURCE: ['integration', 'sourceType'],
};

const days: [string, string][] = [
  ['30', 'Not in 30 days'], ['60', 'Not in 60 days'], ['90', 'Not in 90 days'], ['180', 'Not in 6 months'], ['365', 'Not in a year'], ['never', 'Never'],
];

/** Narrows a list by the values that there are, each with its count as it would be. */
export function FilterPanel({ kind, filter, search, asOf, onChange }: FilterPanelProps) {
  const [open, setOpen] = useStored<string[]>(`filters.${kind}`, firstOpen[kind]);
  const fields = panelFields[kind];
  const isOpen = (f: PanelField) => open.includes(f.key);
  const facets = fields.filter((f): f is FacetField => f.kind === 'list' || f.kind === 'match');
  // What the filter does not restrict itself is counted under all of it, in one question.
  const by = useMemo(() => facets.filter((f) => open.includes(f.key) && !restricts(filter, f)).map((f) => f.field), [facets, open, filter]);
  const shared = useFacets(kind, filter, search, asOf, by);
  const section = (f: PanelField, count: number, content: React.ReactNode) => (
    <Section key={f.key} label={f.label} open={isOpen(f)} count={count} onOpen={(o) => setOpen(o ? [...open, f.key] : open.filter((k) => k !== f.key))}>{content}</Section>
  );
  return (
    <div className={classes.panel}>
      {shared.error && <p className={classes.note} role="alert">{messageOf(shared.error)}</p>}
      {fields.map((f) => {
        switch (f.kind) {
          case 'text': {
            const value = filter[f.key]?.contains ?? '';
            return section(f, value ? 1 : 0, <TextValue label={f.label} value={value} onChange={(t) => onChange(withKey(filter, f.key, t ? { contains: t } : undefined))} />);
          }
          case 'relation': {
            const value = relationText(filter, f.relation);
            return section(f, value ? 1 : 0, <TextValue label={f.label} value={value} onChange={(t) => onChange(withRelation(filter, f.relation, t))} />);
          }
          case 'days': {
            const value = filter.neverActive ? 'never' : filter.inactiveForDays ? String(filter.inactiveForDays) : null;
            const data = days.map(([v, label]) => ({ value: v, label }));
            if (value && !data.some((d) => d.value === value)) data.push({ value, label: `Not in ${value} days` });
            return section(f, value ? 1 : 0, (
              <Select size="xs" aria-label={f.label} data={data} value={value} clearable placeholder="Any time" onChange={(v) => {
                const rest = without(filter, 'inactiveForDays', 'neverActive');
                onChange(v === null ? rest : v === 'never' ? { ...rest, neverActive: true } : { ...rest, inactiveForDays: Number(v) });
              }} />
            ));
          }
          default:
            return section(f, chosenOf(filter, f).length || (restricts(filter, f) ? 1 : 0), (
              restricts(filter, f)
                ? <OwnFacet kind={kind} field={f} filter={filter} search={search} asOf={asOf} onChange={onChange} />
                : <Facet field={f} filter={filter} buckets={shared.buckets[f.field]} onChange={onChange} loading={shared.fetching} />
            ));
        }
      })}
    </div>
  );
}

function useFacets(kind: EntityType, filter: EntityFilter, search: string | undefined, asOf: string | undefined, by: EntityField[]) {
  const variables = useMemo(() => ({ filter: { ...filter, type: [kind] }, search: search || undefined, asOf, by }), [kind, filter, search, asOf, by]);
  const [{ data, error, fetching }] = useQuery({ query: PanelFacets, variables, pause: by.length === 0 });
  const buckets: Partial<Record<EntityField, Buckets>> = Object.fromEntries((data?.entityFacets ?? []).map((f) => [f.field, f.buckets]));
  return { buckets, error, fetching };
}

interface FacetProps {
  field: FacetField;
  filter: EntityFilter;
  onChange: (filter: EntityFilter) => void;
}

function Facet({ field, filter, buckets = [], onChange, loading }: FacetProps & { buckets: Buckets | undefined; loading: boolean }) {
  const values: FacetValue[] = buckets.map((b) => ({ ...b, label: bucketLabel(field, b) }));
  return <FacetValues label={field.label} values={values} chosen={chosenOf(filter, field)} loading={loading} both={field.kind === 'list'}
    onChange={(v) => onChange(withChosen(filter, field, v))} />;
}

// A field that the filter restricts is counted without its own restriction, else its other values would all be gone.
function OwnFacet({ kind, search, asOf, ...rest }: FacetProps & Pick<FilterPanelProps, 'kind' | 'search' | 'asOf'>) {
  const { field, filter } = rest;
  const others = useMemo(() => without(filter, field.key), [filter, field.key]);
  const by = useMemo(() => [field.field], [field.field]);
  const { buckets, error, fetching } = useFacets(kind, others, search, asOf, by);
  if (error) return <p className={classes.note} role="alert">{messageOf(error)}</p>;
  return <Facet {...rest} buckets={buckets[field.field]} loading={fetching} />;
}
