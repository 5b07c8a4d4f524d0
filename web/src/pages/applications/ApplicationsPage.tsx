import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { Link, useNavigate } from 'react-router';
import { useQuery } from 'urql';
import { saveText } from '@/api/download';
import { DataTable } from '@/components/DataTable';
import { FacetValues, FilterFrame, Section } from '@/components/FilterPanel';
import { matchOf, valuesOf, withKey } from '@/components/FilterPanel/match';
import { Page } from '@/components/Page';
import { Saved } from '@/pages/lists/Saved';
import { SearchBox } from '@/components/SearchBox';
import { EmptyState } from '@/components/States';
import { Icon } from '@/components/icons';
import { useEntityFilter } from '@/hooks/useEntityFilter';
import { useStored } from '@/hooks/useStored';
import { listCodec, textCodec, useSetParams, useUrlState } from '@/hooks/useUrlState';
import classes from '@/pages/lists/Lists.module.css';
import { sortCodec, sorted } from '@/pages/lists/sort';
import { columns, integrationPath, sortValue } from './columns';
import { csvOf } from './csv';
import { ListIntegrations } from './documents';
import { facetKeys, facetOf, passes, statusLabels, type Chosen, type FacetKey, type IntegrationRow } from './facets';

const rowKey = (r: IntegrationRow) => r.id;
const codec = sortCodec(...columns.flatMap((c) => c.sortKey ?? []));
const labels: Record<FacetKey, string> = { application: 'Application type', owner: 'Primary owner', status: 'Status', sync: 'Synchronisation' };
const noRows: IntegrationRow[] = [];
// '' is a value, of those without an owner; a list in the URL has no empty words.
const nobody = '-';

/** Every integration, with its owners, its counts and how it is doing. */
export function ApplicationsPage() {
  const [search, setSearch] = useUrlState('q', textCodec);
  const [filter, setFilter] = useEntityFilter();
  const [owner, setOwner] = useUrlState('owner', listCodec);
  const [status, setStatus] = useUrlState('status', listCodec);
  const [sync, setSync] = useUrlState('sync', listCodec);
  const [sort, setSort] = useUrlState('sort', codec);
  const [visible, setVisible] = useUrlState('cols', listCodec);
  const setParams = useSetParams();
  const [folded, setFolded] = useStored<FacetKey[]>('filters.APPLICATIONS', []);
  const navigate = useNavigate();
  const [{ data, error, fetching }, again] = useQuery({ query: ListIntegrations });
  const all = data?.integrations ?? noRows;
  const chosen = useMemo<Chosen>(() => ({
    application: valuesOf(filter.application), owner: (owner ?? []).map((o) => (o === nobody ? '' : o)), status: status ?? [], sync: sync ?? [],
  }), [filter.application, owner, status, sync]);
  const rows = useMemo(() => sorted(all.filter((r) => passes(r, chosen, search)), sort, sortValue), [all, chosen, search, sort]);
  const choose = (key: FacetKey, values: string[]) => {
    const list = values.length > 0 ? values : null;
    if (key === 'application') setFilter(withKey(filter, 'application', matchOf(values)), { push: true });
    else if (key === 'owner') setOwner(list?.map((v) => v || nobody) ?? null, { push: true });
    else if (key === 'status') setStatus(list, { push: true });
    else setSync(list, { push: true });
  };
  const clear = () => setParams({ q: null, filter: null, owner: null, status: null, sync: null }, { push: true });
  const count = facetKeys.filter((k) => chosen[k].length > 0).length;
  const save = () => saveText(csvOf(
    ['Integration', 'Application', 'Primary owner', 'Secondary owners', 'Identities', 'Connections', 'Resources', 'With insights', 'Status', 'Last sync'],
    rows.map((r) => [r.name, r.application.name, r.owners.primary?.fullName, r.owners.secondaries.map((s) => s.fullName).join('; '), r.counts.identities,
      r.counts.connections, r.counts.resources, r.counts.withInsights, r.outOfSync ? 'Out of sync' : statusLabels[r.status], r.lastSync]),
  ), 'applications.csv', 'text/csv;charset=utf-8');
  const empty = all.length > 0
    ? <EmptyState title="No applications match" hint="No integration passes the search and all of the filters." action={<Button variant="default" onClick={clear}>Clear search and filters</Button>} />
    : <EmptyState icon="apps" title="No applications yet" hint="An application is here once a file of its entitlements has been imported." action={<Button component={Link} to="/import">Import a file</Button>} />;
  const panel = facetKeys.map((key) => (
    <Section key={key} label={labels[key]} count={chosen[key].length} open={!folded.includes(key)}
      onOpen={(open) => setFolded(open ? folded.filter((k) => k !== key) : [...folded, key])}>
      <FacetValues label={labels[key]} values={facetOf(all, key, chosen, search)} chosen={chosen[key]} loading={fetching} both={key !== 'application'} onChange={(v) => choose(key, v)} />
    </Section>
  ));
  return (
    <Page fill title="Applications" subtitle="The integrations that access is loaded from" actions={(
      <Button variant="default" disabled={rows.length === 0} onClick={save} leftSection={<Icon name="download" size={16} />}>Export CSV</Button>
    )}>
      <FilterFrame count={count} onClear={clear} panel={panel}>
        {(button) => (
          <>
            <div className={classes.bar}>
              <SearchBox className={classes.search} label="Search applications" value={search} onChange={setSearch} />
              {button}
              <Saved page="APPLICATIONS" filter={filter} search={search} onApply={(f, q) => { setFilter(f, { push: true }); setSearch(q); }} />
            </div>
            <DataTable label="Applications" columns={columns} rows={rows} rowKey={rowKey} loading={fetching} error={error}
              onRetry={() => again({ requestPolicy: 'network-only' })} empty={empty} sort={sort} onSort={setSort} storageKey="list.applications"
              visible={visible} onVisible={setVisible} onRowOpen={(r) => void navigate(integrationPath(r.id))} />
          </>
        )}
      </FilterFrame>
    </Page>
  );
}
