import { Button } from '@mantine/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'react-router';
import { useMay } from '@/api/session';
import { AsOfBanner, AsOfPicker } from '@/components/AsOfPicker';
import { DataTable, noSelection, type Selection } from '@/components/DataTable';
import { kindPlurals } from '@/components/Entity';
import { ExportMenu } from '@/components/ExportMenu';
import { FilterChips } from '@/components/FilterChips';
import { FilterFrame, FilterPanel } from '@/components/FilterPanel';
import { Page } from '@/components/Page';
import { SearchBox } from '@/components/SearchBox';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState } from '@/components/States';
import type { ListEntitiesQuery } from '@/gql/graphql';
import type { EntityFilter, EntityOrder, EntityOrderField, EntityType, FilterPage } from '@/gql/schema';
import { useAsOf } from '@/hooks/useAsOf';
import { noFilter, useEntityFilter } from '@/hooks/useEntityFilter';
import { usePaged, type PageOf } from '@/hooks/usePaged';
import { listCodec, textCodec, useUrlState } from '@/hooks/useUrlState';
import { entityColumns, type EntityRow } from './columns';
import { ListEntities } from './documents';
import classes from './Lists.module.css';
import { MapDialog } from './MapDialog';
import { OwnersDialog } from './OwnersDialog';
import { Saved } from './Saved';
import { sortCodec } from './sort';

const entitySort = sortCodec('NAME', 'SOURCE_TYPE', 'STATUS', 'LAST_LOGIN_TIME');
const pageSize = 50;
const rowKey = (e: EntityRow) => e.id;

const pick = ({ entities }: ListEntitiesQuery): PageOf<EntityRow> => ({
  rows: entities.edges.map((e) => e.node), endCursor: entities.pageInfo.endCursor,
  hasMore: entities.pageInfo.hasNextPage, totalCount: entities.totalCount,
});
const paging = (cursor: string | null) => ({ after: cursor ?? undefined, counted: cursor === null });

const pages: Record<EntityType, FilterPage> = { IDENTITY: 'IDENTITIES', CONNECTION: 'CONNECTIONS', RESOURCE: 'RESOURCES' };
const subtitles: Record<EntityType, string> = {
  IDENTITY: 'Users and service accounts of every integration',
  CONNECTION: 'Groups, roles and policies: what gives access',
  RESOURCE: 'What can be accessed, and by how many',
};

/** Entities of one type: searched, filtered, sorted, chosen, exported. Everything that a link should bring back is in the URL. */
export function EntityListPage({ kind }: { kind: EntityType }) {
  const [search, setSearch] = useUrlState('q', textCodec);
  const [filter, setFilter] = useEntityFilter();
  const [sort, setSort] = useUrlState('sort', entitySort);
  const [visible, setVisible] = useUrlState('cols', listCodec);
  const [asOfDate] = useAsOf();
  const asOf = asOfDate?.toISOString();
  const { side, openEntity } = useSidebar();
  const columns = useMemo(() => entityColumns(kind, asOfDate), [kind, asOfDate]);
  const asked = useMemo(() => ({ ...filter, type: [kind] }), [filter, kind]);
  const orderBy: EntityOrder[] | undefined = sort ? [{ field: sort.key as EntityOrderField, direction: sort.direction }] : undefined;
  const list = usePaged(ListEntities, {
    filter: asked, search: search || undefined, orderBy, asOf, first: pageSize,
    identities: kind !== 'IDENTITY', reached: kind === 'CONNECTION',
  }, pick, paging);
  const [selection, setSelection] = useState<Selection>(noSelection);
  const [dialog, setDialog] = useState<'map' | 'owners' | null>(null);
  const manager = useMay('RISK_MANAGER');
  const table = useRef<HTMLDivElement>(null);
  const question = JSON.stringify([asked, search, asOf]);
  useEffect(() => {
    setSelection(noSelection); // what is chosen has to be in view
  }, [question]);
  const order = JSON.stringify(orderBy);
  useEffect(() => {
    table.current?.querySelector('[role=grid]')?.scrollTo({ top: 0 });
  }, [question, order]);
  const onVisible = useCallback((keys: string[] | null) => setVisible(keys), [setVisible]);
  const change = useCallback((next: EntityFilter) => setFilter(next, { push: true }), [setFilter]);
  const plural = kindPlurals[kind];
  const ids = useMemo(() => [...selection], [selection]);
  const restricted = Object.keys(filter).length > 0;
  const clear = () => { setFilter(noFilter, { push: true }); setSearch(''); };
  const empty = restricted || search ? (
    <EmptyState title={`No ${plural.toLowerCase()} match`} hint={search ? `Nothing has “${search}” in its name, username, e-mail or source id and passes the filter.` : 'Nothing passes all of the filter. Take a part of it away.'}
      action={<Button variant="default" onClick={clear}>Clear search and filters</Button>} />
  ) : asOfDate ? <EmptyState title={`No ${plural.toLowerCase()} at that moment`} hint="Choose a later moment, or go back to now." />
    : <EmptyState title={`No ${plural.toLowerCase()} yet`} hint="They come with the first import of an application’s entitlements." action={<Button component={Link} to="/import">Import a file</Button>} />;
  const canMap = manager && kind === 'IDENTITY' && !asOf;
  const canOwn = manager && kind !== 'IDENTITY' && !asOf;
  return (
    <Page fill title={plural} subtitle={subtitles[kind]} actions={(
      <>
        {canMap && <Button variant={ids.length > 0 ? 'filled' : 'default'} disabled={ids.length === 0} onClick={() => setDialog('map')}>Map identities ({ids.length})</Button>}
        {canOwn && <Button variant={ids.length > 0 ? 'filled' : 'default'} disabled={ids.length === 0} onClick={() => setDialog('owners')}>Set business owners ({ids.length})</Button>}
        <AsOfPicker />
        <ExportMenu dataset="ENTITIES" filter={asked} search={search} asOf={asOf} ids={ids} count={list.totalCount} disabled={list.rows.length === 0} />
      </>
    )}>
      <AsOfBanner />
      <FilterFrame count={Object.keys(filter).length} onClear={() => change(noFilter)}
        panel={<FilterPanel kind={kind} filter={filter} search={search} asOf={asOf} onChange={change} />}>
        {(button) => (
          <>
            <div className={classes.bar}>
              <SearchBox className={classes.search} label={`Search ${plural.toLowerCase()}`} value={search} onChange={setSearch} />
              {button}
              <Saved page={pages[kind]} filter={filter} search={search} onApply={(f, q) => { setFilter(f, { push: true }); setSearch(q); }} />
            </div>
            {restricted && <FilterChips filter={filter} onChange={change} />}
            <div ref={table} className={classes.table}>
              <DataTable label={plural} columns={columns} rows={list.rows} rowKey={rowKey} loading={list.loading} error={list.error} onRetry={list.reload}
                empty={empty} onLoadMore={list.loadMore} hasMore={list.hasMore} {...(list.totalCount === undefined ? {} : { totalCount: list.totalCount })}
                sort={sort} onSort={setSort} selection={selection} onSelection={setSelection} storageKey={`list.${kind}`} visible={visible} onVisible={onVisible}
                onRowOpen={(e) => openEntity(e.id)} {...(side?.kind === 'entity' ? { currentKey: side.id } : {})} />
            </div>
          </>
        )}
      </FilterFrame>
      {dialog === 'map' && <MapDialog ids={ids} onClose={() => setDialog(null)} onDone={() => { setDialog(null); setSelection(noSelection); list.reload(); }} />}
      {dialog === 'owners' && <OwnersDialog ids={ids} noun={ids.length === 1 ? plural.toLowerCase().replace(/s$/, '') : plural.toLowerCase()} onClose={() => setDialog(null)}
        onDone={() => { setDialog(null); setSelection(noSelection); list.reload(); }} />}
    </Page>
  );
}
