import { useMemo } from 'react';
import { accessVariables, AccessToolbar, Cut, PermissionsCell, ProviderCell, textFilter, useAccessFilters } from '@/components/AccessTable';
import { DataTable, type Column } from '@/components/DataTable';
import { Badge, EntityLink } from '@/components/Entity';
import { IntegrationLink } from '@/components/EntityFacts';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState } from '@/components/States';
import type { AccessRowFragment, EmployeeReachesQuery } from '@/gql/graphql';
import { useAsOfVariable } from '@/hooks/useAsOf';
import { pageOf } from '@/hooks/pageOf';
import { usePaged } from '@/hooks/usePaged';
import { EmployeeReaches } from './documents';
import { reachRows, type ReachRow } from './rows';

const pick = (d: EmployeeReachesQuery) => pageOf(d.entities);
const rowKey = (r: ReachRow) => r.key;
const on = (r: ReachRow): { from: AccessRowFragment['node']; to: ReachRow['target'] } => ({ from: r.edge.node, to: r.target });

function columns(chain: boolean): Column<ReachRow>[] {
  return [
    { key: 'target', header: 'Has access to', width: 230, required: true, cell: (r) => <EntityLink entity={r.target} peek /> },
    { key: 'sourceType', header: 'Source type', width: 120, cell: (r) => <Cut>{r.target.sourceType}</Cut> },
    { key: 'identity', header: 'With the identity', width: 200, cell: (r) => <EntityLink entity={r.edge.node} peek /> },
    { key: 'permissions', header: 'Permissions', width: 190, cell: (r) => <PermissionsCell {...on(r)} permissions={r.edge.permissions} /> },
    { key: 'provider', header: 'Access provider', width: chain ? 420 : 230, grow: true, cell: (r) => <ProviderCell {...on(r)} edge={r.edge} chain={chain} /> },
    { key: 'direct', header: 'Held', width: 100, cell: (r) => (r.edge.direct ? <Badge tone="accent">Direct</Badge> : <Badge>Nested</Badge>) },
    { key: 'integration', header: 'Integration', width: 150, cell: (r) => <IntegrationLink integration={r.target.integration} /> },
  ];
}

/** What a person reaches with any of their identities. */
export function ReachTab({ employee }: { employee: { workEmail: string } }) {
  const state = useAccessFilters();
  const asOf = useAsOfVariable();
  const { side, openRelation } = useSidebar();
  const { q, type, ...others } = state.filters;
  const { reach, permission } = accessVariables({ ...others, q: '', type: '' });
  const of = { type: ['IDENTITY' as const], user: { eq: employee.workEmail } };
  const list = usePaged(EmployeeReaches, {
    filter: { type: type ? [type] : ['CONNECTION', 'RESOURCE'], ...textFilter(q), having: [{ direction: 'ACCESSIBLE_BY', reach, entity: of, ...(permission ? { permission } : {}) }] },
    of, asOf, reach, permission,
  }, pick);
  const rows = useMemo(() => reachRows(list.rows.map((e) => e.node)), [list.rows]);
  const shown = useMemo(() => columns(state.chains), [state.chains]);
  return (
    <DataTable label="What the person reaches" columns={shown} rows={rows} rowKey={rowKey} loading={list.loading} error={list.error} onRetry={list.reload}
      hasMore={list.hasMore} onLoadMore={list.loadMore} storageKey={`employee.access${state.chains ? '.chains' : ''}`}
      {...(side?.kind === 'relation' ? { currentKey: `${side.source},${side.target}` } : {})}
      onRowOpen={(r) => openRelation(r.edge.node.id, r.target.id)} toolbar={<AccessToolbar state={state} types={['CONNECTION', 'RESOURCE']} />}
      empty={state.any
        ? <EmptyState title="Nothing passes these filters" hint="Clear some of them, or include what is nested." />
        : <EmptyState title="This person reaches nothing" hint="None of their identities has access to anything." />} />
  );
}
