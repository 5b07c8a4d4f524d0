import { useMemo } from 'react';
import { Link } from 'react-router';
import { accessVariables, AccessToolbar, Cut, PermissionsCell, ProviderCell, textFilter, useAccessFilters } from '@/components/AccessTable';
import { DataTable, type Column } from '@/components/DataTable';
import { Badge, EntityLink, entityPath } from '@/components/Entity';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState } from '@/components/States';
import type { IntegrationAccessQuery } from '@/gql/graphql';
import { useAsOfVariable, useKeepAsOf } from '@/hooks/useAsOf';
import { pageOf } from '@/hooks/pageOf';
import { usePaged } from '@/hooks/usePaged';
import { IntegrationAccess } from './documents';
import { pairRows, type PairRow } from './rows';

const pick = (d: IntegrationAccessQuery) => pageOf(d.entities);
const rowKey = (r: PairRow) => r.key;
// Of one entity; the rest is on its page.
const perEntity = 20;

function More({ row }: { row: PairRow }) {
  const keep = useKeepAsOf();
  return <Link to={keep(`${entityPath(row.entity.id)}?tab=access`)}>{row.more.toLocaleString('en-US')} more</Link>;
}

function columns(chain: boolean): Column<PairRow>[] {
  return [
    { key: 'entity', header: 'Entity', width: 220, required: true, cell: (r) => <EntityLink entity={r.entity} peek /> },
    { key: 'target', header: 'Has access to', width: 230, required: true, cell: (r) => (r.edge ? <EntityLink entity={r.edge.node} peek /> : <More row={r} />) },
    { key: 'sourceType', header: 'Source type', width: 120, cell: (r) => r.edge && <Cut>{r.edge.node.sourceType}</Cut> },
    { key: 'permissions', header: 'Permissions', width: 190, cell: (r) => r.edge && <PermissionsCell from={r.entity} to={r.edge.node} permissions={r.edge.permissions} /> },
    { key: 'provider', header: 'Access provider', width: chain ? 420 : 230, grow: true, cell: (r) => r.edge && <ProviderCell from={r.entity} to={r.edge.node} edge={r.edge} chain={chain} /> },
    { key: 'direct', header: 'Held', width: 100, cell: (r) => r.edge && (r.edge.direct ? <Badge tone="accent">Direct</Badge> : <Badge>Nested</Badge>) },
  ];
}

/** Who has access to what in an integration, pair by pair. */
export function AccessTab({ integration }: { integration: { name: string } }) {
  const state = useAccessFilters();
  const { q, ...others } = state.filters;
  const { reach, filter: target, permission } = accessVariables({ ...others, q: '' });
  const asOf = useAsOfVariable();
  const { side, openRelation } = useSidebar();
  const { name } = integration;
  const list = usePaged(IntegrationAccess, {
    // Only those that reach something of what is asked: pages without a row would be no use.
    filter: { integration: { eq: name }, ...textFilter(q), having: [{ direction: 'HAS_ACCESS_TO', reach, ...(target ? { entity: target } : {}), ...(permission ? { permission } : {}) }] },
    asOf, reach, target, permission, perEntity,
  }, pick);
  const rows = useMemo(() => pairRows(list.rows.map((e) => e.node)), [list.rows]);
  const shown = useMemo(() => columns(state.chains), [state.chains]);
  return (
    <DataTable label="Access" columns={shown} rows={rows} rowKey={rowKey} loading={list.loading} error={list.error} onRetry={list.reload}
      hasMore={list.hasMore} onLoadMore={list.loadMore} storageKey={`integration.access${state.chains ? '.chains' : ''}`}
      {...(side?.kind === 'relation' ? { currentKey: `${side.source},${side.target}` } : {})}
      onRowOpen={(r) => r.edge && openRelation(r.entity.id, r.edge.node.id)}
      toolbar={<AccessToolbar state={state} types={['CONNECTION', 'RESOURCE']} />}
      empty={state.any
        ? <EmptyState title="Nothing passes these filters" hint="Clear some of them, or include what is nested." />
        : <EmptyState title="Nobody has access to anything" hint="No entity of this integration holds a grant." />} />
  );
}
