import { SegmentedControl } from '@mantine/core';
import { Cut } from '@/components/AccessTable';
import { formatTime } from '@/components/AsOfPicker';
import { DataTable, type Column } from '@/components/DataTable';
import { Badge, EntityLink, PermissionChips } from '@/components/Entity';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState } from '@/components/States';
import type { EntityGrantsQuery } from '@/gql/graphql';
import type { EntityType, HavingDirection } from '@/gql/schema';
import { pageOf } from '@/hooks/pageOf';
import { usePaged } from '@/hooks/usePaged';
import { choiceCodec, useUrlState } from '@/hooks/useUrlState';
import { EntityGrants } from './documents';

type Row = NonNullable<EntityGrantsQuery['entity']>['grants']['edges'][number];

const pick = (d: EntityGrantsQuery) => pageOf(d.entity?.grants);
const rowKey = (r: Row) => r.cursor;

const columns: Column<Row>[] = [
  { key: 'source', header: 'Source', width: 220, required: true, cell: ({ node }) => <EntityLink entity={node.source} peek /> },
  { key: 'target', header: 'Target', width: 220, required: true, grow: true, cell: ({ node }) => <EntityLink entity={node.target} peek /> },
  { key: 'permission', header: 'Permission', width: 160, cell: ({ node }) => <PermissionChips permissions={[{ name: node.permission, value: node.value }]} /> },
  { key: 'from', header: 'From', width: 160, cell: ({ node }) => formatTime(node.from) },
  { key: 'to', header: 'Until', width: 160, cell: ({ node }) => (node.to ? formatTime(node.to) : <Badge tone="good">Held</Badge>) },
  { key: 'counts', header: 'Counts', width: 100, hidden: true, cell: ({ node }) => (node.counts ? 'Yes' : 'Explicitly not held') },
  { key: 'scope', header: 'Scope', width: 150, hidden: true, cell: ({ node }) => <Cut>{node.scope}</Cut> },
  { key: 'project', header: 'Project', width: 150, hidden: true, cell: ({ node }) => <Cut>{node.project}</Cut> },
  { key: 'lastUsed', header: 'Last used', width: 160, hidden: true, cell: ({ node }) => formatTime(node.lastUsed) },
];

const endedCodec = choiceCodec('ended', 'held');

/** The grants of an entity and on it as the source reports them: those that ended and those that are held. */
export function HistoryTab({ entity }: { entity: { id: string; type: EntityType } }) {
  const first: HavingDirection = entity.type === 'IDENTITY' ? 'HAS_ACCESS_TO' : 'ACCESSIBLE_BY';
  const other: HavingDirection = first === 'HAS_ACCESS_TO' ? 'ACCESSIBLE_BY' : 'HAS_ACCESS_TO';
  const [ended, setEnded] = useUrlState('ended', endedCodec);
  const [swapped, setSwapped] = useUrlState('direction', directionCodec);
  const direction = swapped === 'other' ? other : first;
  const pages = usePaged(EntityGrants, { id: entity.id, direction, ended: ended === 'ended' }, pick);
  const { openRelation } = useSidebar();
  const words: Record<HavingDirection, string> = { HAS_ACCESS_TO: 'Grants of its own', ACCESSIBLE_BY: 'Grants on it' };
  return (
    <DataTable label="Grants" columns={columns} rows={pages.rows} rowKey={rowKey} loading={pages.loading} error={pages.error} onRetry={pages.reload}
      hasMore={pages.hasMore} onLoadMore={pages.loadMore} {...(pages.totalCount === undefined ? {} : { totalCount: pages.totalCount })}
      storageKey="entity.history" onRowOpen={({ node }) => openRelation(node.source.id, node.target.id)}
      toolbar={(
        <>
          <SegmentedControl aria-label="Which grants" value={ended} onChange={(v) => setEnded(v === 'held' ? 'held' : 'ended')}
            data={[{ value: 'ended', label: 'Ended' }, { value: 'held', label: 'Held now' }]} />
          {entity.type === 'CONNECTION' && (
            <SegmentedControl aria-label="Which way" value={swapped} onChange={(v) => setSwapped(v === 'other' ? 'other' : 'own')}
              data={[{ value: 'own', label: words[first] }, { value: 'other', label: words[other] }]} />
          )}
        </>
      )}
      empty={ended === 'ended'
        ? <EmptyState icon="history" title="No grant has ended" hint="What an import takes away is kept here, with when it was held." />
        : <EmptyState icon="history" title="No grants" hint="The source reports none." />} />
  );
}

const directionCodec = choiceCodec('own', 'other');
