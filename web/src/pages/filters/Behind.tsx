import { Tabs, UnstyledButton } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useQuery } from 'urql';
import { codeOf } from '@/api/errors';
import { useMay } from '@/api/session';
import { CopyButton } from '@/components/Copy';
import { Icon } from '@/components/icons';
import { ErrorState, LoadingState } from '@/components/States';
import { graphql } from '@/gql';
import type { EntityFilter } from '@/gql/schema';
import { useDebounced } from '@/hooks/useDebounced';
import classes from './Filters.module.css';

const FilterBehind = graphql(`
  query FilterBehind($filter: EntityFilter, $search: String, $cypher: Boolean!) {
    describeFilter(filter: $filter, search: $search) {
      graphql
      cypher @include(if: $cypher)
      cypherParameters @include(if: $cypher)
    }
  }
`);

export interface BehindProps {
  filter: EntityFilter;
  search: string;
}

/** The query behind the filter, when somebody wants to see it. */
export function Behind(props: BehindProps) {
  const [open, setOpen] = useState(false);
  return (
    <section className={classes.card} aria-label="Query">
      <UnstyledButton className={classes.disclose} aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon name={open ? 'chevronDown' : 'chevronRight'} size={16} /> Show the query behind it
      </UnstyledButton>
      {open && <Texts {...props} />}
    </section>
  );
}

function Texts({ filter, search }: BehindProps) {
  const cypher = useMay('RISK_MANAGER');
  const settled = useDebounced(JSON.stringify({ filter, search: search || null }), 250);
  const variables = useMemo(() => ({ ...(JSON.parse(settled) as { filter: EntityFilter; search: string | null }), cypher }), [settled, cypher]);
  const [{ data, error }] = useQuery({ query: FilterBehind, variables });
  // What is wrong with a filter is said at its condition, or by the preview.
  if (error) return codeOf(error) === 'INVALID_INPUT' ? <p className="ag-soft">There is no query yet: the filter is not complete.</p> : <ErrorState compact error={error} />;
  if (!data) return <LoadingState compact label="Writing the query" />;
  const d = data.describeFilter;
  const parts = [
    { key: 'graphql', label: 'GraphQL', text: d.graphql },
    ...(d.cypher ? [{ key: 'cypher', label: 'Cypher', text: d.cypher }, { key: 'parameters', label: 'Cypher parameters', text: JSON.stringify(d.cypherParameters, null, 2) }] : []),
    { key: 'json', label: 'Filter as JSON', text: JSON.stringify(filter, null, 2) },
  ];
  return (
    <Tabs defaultValue="graphql" keepMounted={false}>
      <Tabs.List>{parts.map((p) => <Tabs.Tab key={p.key} value={p.key}>{p.label}</Tabs.Tab>)}</Tabs.List>
      {parts.map((p) => (
        <Tabs.Panel key={p.key} value={p.key} className={classes.panel}>
          <div className={classes.copy}><CopyButton text={p.text} label={`Copy ${p.label}`} /></div>
          {/* It scrolls, so the keyboard has to get to it. */}
          {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre className={classes.code} tabIndex={0} role="region" aria-label={p.label}>{p.text}</pre>
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
