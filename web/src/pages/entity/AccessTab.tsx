import { useMemo } from 'react';
import { accessColumns, accessVariables, AccessToolbar, useAccessFilters, type Side } from '@/components/AccessTable';
import { DataTable } from '@/components/DataTable';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState } from '@/components/States';
import type { AccessRowFragment, EntityReachedByQuery, EntityReachesQuery } from '@/gql/graphql';
import type { EntityType } from '@/gql/schema';
import { useAsOfVariable } from '@/hooks/useAsOf';
import { pageOf } from '@/hooks/pageOf';
import { usePaged, type Paged } from '@/hooks/usePaged';
import { EntityReachedBy, EntityReaches } from './documents';

const reaches = (d: EntityReachesQuery) => pageOf(d.entity?.hasAccessTo);
const reachedBy = (d: EntityReachedByQuery) => pageOf(d.entity?.accessibleBy);
const rowKey = (r: AccessRowFragment) => r.node.id;

export interface AccessTabProps {
  entity: { id: string; name: string; type: EntityType };
  side: Side;
  /** Only rows of this type. */
  only?: EntityType;
  label: string;
}

/** What an entity reaches, or what reaches it. */
export function AccessTab(props: AccessTabProps) {
  return props.side === 'reaches' ? <Reaches {...props} /> : <ReachedBy {...props} />;
}

function useVariables({ entity, only }: AccessTabProps) {
  const state = useAccessFilters();
  const asOf = useAsOfVariable();
  return { state, variables: { id: entity.id, asOf, ...accessVariables(state.filters, only) } };
}

function Reaches(props: AccessTabProps) {
  const { state, variables } = useVariables(props);
  return <Table {...props} state={state} pages={usePaged(EntityReaches, variables, reaches)} />;
}

function ReachedBy(props: AccessTabProps) {
  const { state, variables } = useVariables(props);
  return <Table {...props} state={state} pages={usePaged(EntityReachedBy, variables, reachedBy)} />;
}

interface TableProps extends AccessTabProps {
  state: ReturnType<typeof useAccessFilters>;
  pages: Paged<AccessRowFragment>;
}

function Table({ entity, side, only, label, state, pages }: TableProps) {
  const { side: open, openRelation } = useSidebar();
  const { id, name } = entity;
  const columns = useMemo(() => accessColumns({ id, name }, side, state.chains, only === 'IDENTITY'), [id, name, side, state.chains, only]);
  const types: EntityType[] = side === 'reaches' ? ['CONNECTION', 'RESOURCE'] : ['IDENTITY', 'CONNECTION'];
  const current = open?.kind === 'relation' ? (side === 'reaches' ? open.target : open.source) : open?.id;
  return (
    <DataTable label={label} columns={columns} rows={pages.rows} rowKey={rowKey} loading={pages.loading} error={pages.error} onRetry={pages.reload}
      hasMore={pages.hasMore} onLoadMore={pages.loadMore} {...(pages.totalCount === undefined ? {} : { totalCount: pages.totalCount })}
      storageKey={`entity.${side}${only ? `.${only}` : ''}${state.chains ? '.chains' : ''}`} {...(current === undefined ? {} : { currentKey: current })}
      onRowOpen={(r) => (side === 'reaches' ? openRelation(id, r.node.id) : openRelation(r.node.id, id))}
      toolbar={<AccessToolbar state={state} {...(only ? {} : { types })} />}
      empty={state.any
        ? <EmptyState title="Nothing passes these filters" hint="Clear some of them, or include what is nested." />
        : <EmptyState title={side === 'reaches' ? 'It reaches nothing' : 'Nobody has access'} hint={side === 'reaches' ? 'No grant of its own, and none through a connection.' : 'No grant leads here, neither directly nor through a connection.'} />} />
  );
}
