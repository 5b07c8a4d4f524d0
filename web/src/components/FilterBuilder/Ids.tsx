import { Select, Pill, type ComboboxItem } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { graphql } from '@/gql';
import { useAsOfVariable } from '@/hooks/useAsOf';
import { useDebounced } from '@/hooks/useDebounced';
import classes from './FilterBuilder.module.css';

const FilterSelection = graphql(`
  query FilterSelection($filter: EntityFilter, $search: String, $asOf: Time) {
    entities(filter: $filter, search: $search, first: 50, asOf: $asOf) {
      edges {
        node {
          ...EntityBrief
        }
      }
    }
  }
`);

export interface IdsProps {
  values: string[] | undefined;
  onChange: (values: string[] | undefined) => void;
  invalid: boolean;
}

// So many are shown by name; a selection made in a table may have thousands.
const shown = 20;

/** A selection of entities, by name, and a search to add more. */
export function Ids({ values = [], onChange, invalid }: IdsProps) {
  const [text, setText] = useState('');
  const search = useDebounced(text.trim(), 200);
  const asOf = useAsOfVariable();
  const head = useMemo(() => values.slice(0, shown), [values]);
  const [known] = useQuery({ query: FilterSelection, variables: { filter: { ids: head, removed: true }, asOf }, pause: head.length === 0 });
  const [found] = useQuery({ query: FilterSelection, variables: { search, asOf }, pause: search === '' });
  const names = new Map((known.data?.entities.edges ?? []).map(({ node }) => [node.id, node]));
  const data: ComboboxItem[] = (search === '' ? [] : found.data?.entities.edges ?? []).filter(({ node }) => !values.includes(node.id))
    .map(({ node }) => ({ value: node.id, label: `${node.name} · ${node.sourceType} · ${node.integration.name}` }));
  return (
    <div className={classes.lines}>
      {values.length > 0 && (
        <Pill.Group>
          {head.map((id) => (
            <Pill key={id} withRemoveButton onRemove={() => onChange(values.length === 1 ? undefined : values.filter((v) => v !== id))}
              removeButtonProps={{ 'aria-label': `Remove ${names.get(id)?.name ?? id}`, 'aria-hidden': false, tabIndex: 0 }}>
              {names.get(id)?.name ?? id}
            </Pill>
          ))}
          {values.length > shown && <Pill>and {(values.length - shown).toLocaleString('en-US')} more</Pill>}
        </Pill.Group>
      )}
      <Select data-value className={classes.value} aria-label="Add an entity" placeholder="Search an entity to add" searchable value={null} data={data} searchValue={text}
        onSearchChange={setText} filter={({ options }) => options} error={invalid} nothingFoundMessage={search ? 'Nothing found' : undefined}
        onChange={(id) => { if (id) onChange([...values, id]); setText(''); }} />
    </div>
  );
}
