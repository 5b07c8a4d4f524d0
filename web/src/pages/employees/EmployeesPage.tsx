import { Button, Select } from '@mantine/core';
import { useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { DataTable } from '@/components/DataTable';
import { ExportMenu } from '@/components/ExportMenu';
import { FilterFrame } from '@/components/FilterPanel';
import { withKey } from '@/components/FilterPanel/match';
import { Page } from '@/components/Page';
import { Saved } from '@/pages/lists/Saved';
import { SearchBox } from '@/components/SearchBox';
import { EmptyState } from '@/components/States';
import type { ListEmployeesQuery } from '@/gql/graphql';
import type { EmployeeState, EntityField, EntityFilter } from '@/gql/schema';
import { noFilter, useEntityFilter } from '@/hooks/useEntityFilter';
import { usePaged, type PageOf } from '@/hooks/usePaged';
import { listCodec, textCodec, useUrlState } from '@/hooks/useUrlState';
import classes from '@/pages/lists/Lists.module.css';
import { columns, states, type EmployeeRow } from './columns';
import { EmployeeChoices, ListEmployees } from './documents';
import { employeeFields, employeeQuery, stateOf, valueOf, withValue, type EmployeeField } from './query';

const rowKey = (e: EmployeeRow) => e.id;
const pick = ({ employees }: ListEmployeesQuery): PageOf<EmployeeRow> => ({
  rows: employees.edges.map((e) => e.node), endCursor: employees.pageInfo.endCursor, hasMore: employees.pageInfo.hasNextPage, totalCount: employees.totalCount,
});
const labels: Record<EmployeeField, string> = { department: 'Department', jobTitle: 'Job title', manager: 'Manager' };
const facets: Record<EmployeeField, EntityField> = { department: 'DEPARTMENT', jobTitle: 'JOB_TITLE', manager: 'MANAGER' };

/** The people of the workforce. */
export function EmployeesPage() {
  const [search, setSearch] = useUrlState('q', textCodec);
  const [filter, setFilter] = useEntityFilter();
  const [visible, setVisible] = useUrlState('cols', listCodec);
  const navigate = useNavigate();
  const { query, ignored } = useMemo(() => employeeQuery(filter), [filter]);
  const list = usePaged(ListEmployees, { ...query, search: search || undefined, first: 50 }, pick);
  const change = (next: EntityFilter) => setFilter(next, { push: true });
  const clear = () => { change(noFilter); setSearch(''); };
  const empty = search || Object.keys(query).length > 0
    ? <EmptyState title="No employees match" hint="Nobody passes the search and all of the filters." action={<Button variant="default" onClick={clear}>Clear search and filters</Button>} />
    : <EmptyState title="No employees yet" hint="They come with a file of the workforce, such as an export of the HR system." action={<Button component={Link} to="/import">Import employees</Button>} />;
  return (
    <Page fill title="Employees" subtitle="The people of the workforce and what they log in with" actions={(
      <ExportMenu dataset="EMPLOYEES" allLabel="Every employee, whatever the filter" disabled={list.rows.length === 0} />
    )}>
      <FilterFrame count={Object.keys(filter).length} onClear={() => change(noFilter)} panel={<Panel filter={filter} onChange={change} />}>
        {(button) => (
          <>
            <div className={classes.bar}>
              <SearchBox className={classes.search} label="Search employees" value={search} onChange={setSearch} />
              {button}
              <Saved page="EMPLOYEES" filter={filter} search={search} onApply={(f, q) => { change(f); setSearch(q); }} />
            </div>
            {ignored.length > 0 && <p className={classes.problem} role="status">This list cannot be narrowed by: {ignored.join(', ')}.</p>}
            <DataTable label="Employees" columns={columns} rows={list.rows} rowKey={rowKey} loading={list.loading} error={list.error} onRetry={list.reload}
              empty={empty} onLoadMore={list.loadMore} hasMore={list.hasMore} {...(list.totalCount === undefined ? {} : { totalCount: list.totalCount })}
              storageKey="list.employees" visible={visible} onVisible={setVisible} onRowOpen={(e) => void navigate(`/employees/${encodeURIComponent(e.id)}`)} />
          </>
        )}
      </FilterFrame>
    </Page>
  );
}

function Panel({ filter, onChange }: { filter: EntityFilter; onChange: (filter: EntityFilter) => void }) {
  const [{ data }] = useQuery({ query: EmployeeChoices });
  const choices = (field: EmployeeField) => {
    const found = (data?.entityFacets.find((f) => f.field === facets[field])?.buckets ?? []).filter((b) => b.value !== '')
      .map((b) => ({ value: b.value, label: b.label && b.label !== b.value ? `${b.label} (${b.value})` : b.value }));
    const now = valueOf(filter, field);
    if (now !== null && !found.some((f) => f.value === now)) found.push({ value: now, label: now });
    return found.sort((a, b) => a.label.localeCompare(b.label));
  };
  return (
    <div className={classes.panel}>
      <Select label="State" clearable placeholder="Any" data={Object.entries(states).map(([value, label]) => ({ value, label }))} value={stateOf(filter)}
        onChange={(v) => onChange(withKey(filter, 'employeeState', v === null ? undefined : [v as EmployeeState]))} />
      {employeeFields.map((f) => (
        <Select key={f} label={labels[f]} searchable clearable placeholder="Any" limit={100} nothingFoundMessage="No such value" data={choices(f)} value={valueOf(filter, f)}
          onChange={(v) => onChange(withValue(filter, f, v))} />
      ))}
    </div>
  );
}
