import { useMemo, useState } from 'react';
import { PermissionsCell } from '@/components/AccessTable';
import { formatMoment, formatTime } from '@/components/AsOfPicker';
import { DataTable, type Column } from '@/components/DataTable';
import { Badge, EntityLink, PermissionChips } from '@/components/Entity';
import { ExportMenu } from '@/components/ExportMenu';
import { Page } from '@/components/Page';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState } from '@/components/States';
import type { CompareAccessQuery } from '@/gql/graphql';
import type { AccessChangeKind } from '@/gql/schema';
import { pageOf } from '@/hooks/pageOf';
import { useEntityFilter } from '@/hooks/useEntityFilter';
import { usePaged } from '@/hooks/usePaged';
import { useSetParams, useUrlState } from '@/hooks/useUrlState';
import classes from './Compare.module.css';
import { CompareAccess } from './documents';
import { FilterField } from './FilterField';
import { momentCodec, periodOf } from './period';
import { PeriodForm } from './PeriodForm';

type Row = CompareAccessQuery['accessChanges']['edges'][number];
type Cause = Row['node']['causes'][number];

const pick = (d: CompareAccessQuery) => pageOf(d.accessChanges);
const rowKey = ({ node }: Row) => `${node.identity.id},${node.target.id}`;

const kinds: Record<AccessChangeKind, { label: string; tone: 'good' | 'bad' | 'warn' }> = {
  GAINED: { label: 'Gained', tone: 'good' }, LOST: { label: 'Lost', tone: 'bad' }, CHANGED: { label: 'Changed', tone: 'warn' },
};

const causeText = (c: Cause) => `${c.gained ? 'New' : 'Ended'}: ${c.source.name} → ${c.target.name}, ${c.permission}${c.at ? `, ${formatTime(c.at)}` : ''}`;

function Causes({ causes }: { causes: Cause[] }) {
  const { openRelation } = useSidebar();
  const [first, ...rest] = causes;
  if (!first) return null;
  return (
    <span className={classes.cause} title={causes.map(causeText).join('\n')}>
      <span data-gained={first.gained}>{first.gained ? 'New grant' : 'Ended grant'}</span>
      <button type="button" className={classes.causeLink} onClick={() => openRelation(first.source.id, first.target.id)}>{first.source.name} → {first.target.name}</button>
      <PermissionChips permissions={[{ name: first.permission, value: first.value }]} />
      {first.at && <time className="ag-soft" dateTime={first.at}>{formatTime(first.at)}</time>}
      {rest.length > 0 && <span className="ag-soft">+{rest.length}<span className="ag-hidden">: {rest.map(causeText).join('; ')}</span></span>}
    </span>
  );
}

const columns: Column<Row>[] = [
  { key: 'kind', header: 'Access', width: 100, required: true, cell: ({ node }) => <Badge tone={kinds[node.kind].tone}>{kinds[node.kind].label}</Badge> },
  { key: 'identity', header: 'Identity', width: 210, required: true, cell: ({ node }) => <EntityLink entity={node.identity} peek /> },
  { key: 'target', header: 'To', width: 210, required: true, cell: ({ node }) => <EntityLink entity={node.target} peek /> },
  { key: 'gained', header: 'Permissions gained', width: 180, cell: ({ node }) => node.permissionsGained.length > 0 && <PermissionsCell from={node.identity} to={node.target} permissions={node.permissionsGained} /> },
  { key: 'lost', header: 'Permissions lost', width: 180, cell: ({ node }) => node.permissionsLost.length > 0 && <PermissionsCell from={node.identity} to={node.target} permissions={node.permissionsLost} /> },
  { key: 'cause', header: 'By the grant', width: 460, grow: true, cell: ({ node }) => <Causes causes={node.causes} /> },
];

/** Who gained and who lost access to what between two moments, and by which grant. */
export function ComparePage() {
  const [fromText] = useUrlState('from', momentCodec);
  const [toText] = useUrlState('to', momentCodec);
  const [filter, setFilter] = useEntityFilter();
  const [targetFilter, setTargetFilter] = useEntityFilter('targetFilter');
  const setParams = useSetParams();
  const { side, openRelation } = useSidebar();
  const [now] = useState(() => new Date()); // of this visit, so that pages belong together
  const period = useMemo(() => periodOf(fromText, toText, now), [fromText, toText, now]);
  const variables = { from: period.from.toISOString(), to: period.to.toISOString(), filter, targetFilter };
  const list = usePaged(CompareAccess, variables, pick);
  return (
    <Page fill title="Compare access" subtitle={`What changed from ${formatMoment(period.from)} to ${toText ? formatMoment(period.to) : 'now'}`}
      actions={<ExportMenu dataset="CHANGES" from={variables.from} to={variables.to} filter={filter} targetFilter={targetFilter} count={list.totalCount} disabled={list.totalCount === 0} />}>
      <div className={classes.controls}>
        <PeriodForm key={`${variables.from} ${variables.to}`} period={period} untilNow={toText === null}
          onChange={(from, to) => setParams({ from: momentCodec.format(from), to: momentCodec.format(to) }, { push: true })} />
        <div className={classes.filters}>
          <FilterField label="Identities" everything="All" value={filter} onChange={(f) => setFilter(f, { push: true })} kind="IDENTITY" />
          <FilterField label="Access to" everything="Anything" value={targetFilter} onChange={(f) => setTargetFilter(f, { push: true })} />
        </div>
      </div>
      <DataTable label="Changes of access" columns={columns} rows={list.rows} rowKey={rowKey} loading={list.loading} error={list.error} onRetry={list.reload}
        hasMore={list.hasMore} onLoadMore={list.loadMore} {...(list.totalCount === undefined ? {} : { totalCount: list.totalCount })} storageKey="compare"
        {...(side?.kind === 'relation' ? { currentKey: `${side.source},${side.target}` } : {})}
        onRowOpen={({ node }) => openRelation(node.identity.id, node.target.id)}
        empty={<EmptyState icon="compare" title="No access changed" hint="Nobody gained or lost access between these two moments, as far as these filters go." />} />
    </Page>
  );
}
