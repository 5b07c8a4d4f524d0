import { Button } from '@mantine/core';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { Cut } from '@/components/AccessTable';
import { formatTime } from '@/components/AsOfPicker';
import { DataTable, type Column, type Sort } from '@/components/DataTable';
import { EntityLink, kindPlurals, StatusBadge } from '@/components/Entity';
import { EmployeeLink, identityTypeLabels, MfaBadge } from '@/components/EntityFacts';
import { SearchBox } from '@/components/SearchBox';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState } from '@/components/States';
import type { IntegrationEntitiesQuery } from '@/gql/graphql';
import type { EntityOrderField, EntityType } from '@/gql/schema';
import { useAsOfVariable, useKeepAsOf } from '@/hooks/useAsOf';
import { pageOf } from '@/hooks/pageOf';
import { usePaged } from '@/hooks/usePaged';
import { textCodec, useUrlState, type Codec } from '@/hooks/useUrlState';
import { listPath } from '@/pages/summary/links';
import { IntegrationEntities } from './documents';

type Row = IntegrationEntitiesQuery['entities']['edges'][number];

const pick = (d: IntegrationEntitiesQuery) => pageOf(d.entities);
const rowKey = (r: Row) => r.node.id;

const sortable = ['NAME', 'SOURCE_TYPE', 'STATUS', 'LAST_LOGIN_TIME'];
const sortCodec: Codec<Sort | null> = {
  parse: (text) => {
    const [key, direction] = (text ?? '').split(':');
    return key && sortable.includes(key) && (direction === 'ASC' || direction === 'DESC') ? { key, direction } : null;
  },
  format: (sort) => (sort ? `${sort.key}:${sort.direction}` : null),
};

function columns(kind: EntityType): Column<Row>[] {
  const identity = kind === 'IDENTITY';
  return [
    { key: 'name', header: 'Name', width: 260, required: true, grow: true, sortKey: 'NAME', cell: ({ node }) => <EntityLink entity={node} peek /> },
    { key: 'sourceType', header: 'Source type', width: 140, sortKey: 'SOURCE_TYPE', hidden: identity, cell: ({ node }) => <Cut>{node.sourceType}</Cut> },
    { key: 'status', header: 'Status', width: 110, sortKey: 'STATUS', cell: ({ node }) => <StatusBadge status={node.status} /> },
    ...(identity ? [
      { key: 'employee', header: 'Employee', width: 180, cell: ({ node }: Row) => node.employee && <EmployeeLink employee={node.employee} /> },
      { key: 'identityType', header: 'Identity type', width: 140, cell: ({ node }: Row) => node.identityType && identityTypeLabels[node.identityType] },
      { key: 'mfa', header: 'MFA', width: 100, cell: ({ node }: Row) => <MfaBadge on={node.mfaEnabled} /> },
      { key: 'lastLogin', header: 'Last login', width: 170, sortKey: 'LAST_LOGIN_TIME', cell: ({ node }: Row) => formatTime(node.lastLoginTime) },
    ] : []),
    { key: 'project', header: 'Project', width: 150, hidden: true, cell: ({ node }) => <Cut>{node.project}</Cut> },
    { key: 'sourceId', header: 'Source id', width: 240, hidden: identity, cell: ({ node }) => <Cut>{node.sourceId}</Cut> },
  ];
}

/** The entities of one type of an integration. */
export function EntitiesTab({ integration, kind }: { integration: { name: string }; kind: EntityType }) {
  const [q, setQ] = useUrlState('q', textCodec);
  const [sort, setSort] = useUrlState('sort', sortCodec);
  const asOf = useAsOfVariable();
  const keep = useKeepAsOf();
  const { side, openEntity } = useSidebar();
  const shown = useMemo(() => columns(kind), [kind]);
  const list = usePaged(IntegrationEntities, {
    filter: { type: [kind], integration: { eq: integration.name } }, search: q || undefined, asOf,
    orderBy: sort ? [{ field: sort.key as EntityOrderField, direction: sort.direction }] : undefined,
  }, pick);
  const label = kindPlurals[kind];
  return (
    <DataTable label={label} columns={shown} rows={list.rows} rowKey={rowKey} loading={list.loading} error={list.error} onRetry={list.reload}
      hasMore={list.hasMore} onLoadMore={list.loadMore} {...(list.totalCount === undefined ? {} : { totalCount: list.totalCount })}
      sort={sort} onSort={setSort} storageKey={`integration.${kind}`} onRowOpen={({ node }) => openEntity(node.id)}
      {...(side?.kind === 'entity' ? { currentKey: side.id } : {})}
      toolbar={(
        <>
          <SearchBox label={`Search ${label.toLowerCase()}`} value={q} onChange={setQ} />
          <Button component={Link} variant="subtle" size="compact-sm" to={keep(listPath({ type: [kind], integration: { eq: integration.name } }))}>Filter and export</Button>
        </>
      )}
      empty={<EmptyState title={q ? 'Nothing has this text' : `No ${label.toLowerCase()}`} hint={q ? 'Names, usernames, e-mails and source ids are searched.' : 'The last import had none.'} />} />
  );
}
