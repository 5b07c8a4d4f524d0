import { Button, Select, Switch } from '@mantine/core';
import { kindPlurals } from '@/components/Entity';
import { SearchBox } from '@/components/SearchBox';
import type { EntityType } from '@/gql/schema';
import classes from './AccessTable.module.css';
import type { UseAccessFilters } from './filters';

export interface AccessToolbarProps {
  state: UseAccessFilters;
  /** The types that can be chosen; left out: the table is about one. */
  types?: EntityType[];
  /** Whether the rows have a chain to show. */
  withChains?: boolean;
}

/** What narrows a table of access, above it. */
export function AccessToolbar({ state, types, withChains = true }: AccessToolbarProps) {
  const { filters: f } = state;
  return (
    <>
      <SearchBox label="Search by name" value={f.q} onChange={state.setQ} className={classes.search} />
      {types && (
        <Select aria-label="Type" placeholder="Any type" clearable value={f.type || null} className={classes.select}
          data={types.map((t) => ({ value: t, label: kindPlurals[t] }))} onChange={(t) => state.setType(t ?? '')} />
      )}
      <SearchBox label="Permission" value={f.permission} onChange={state.setPermission} className={classes.select} />
      <Switch label="Include nested" checked={!f.direct} onChange={(e) => state.setDirect(!e.currentTarget.checked)} />
      {withChains && <Switch label="Full chains" checked={state.chains} onChange={(e) => state.setChains(e.currentTarget.checked)} />}
      {state.any && <Button variant="subtle" size="compact-sm" onClick={state.clear}>Clear</Button>}
    </>
  );
}
