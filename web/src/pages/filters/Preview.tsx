import { Button, Loader } from '@mantine/core';
import { Link } from 'react-router';
import { DataTable, type Column } from '@/components/DataTable';
import { placeOf } from '@/components/FilterBuilder';
import { EntityLink, StatusBadge } from '@/components/Entity';
import { useSidebar } from '@/components/Sidebar';
import { EmptyState } from '@/components/States';
import { Icon } from '@/components/icons';
import { filteredPage } from '@/components/SavedFilters';
import type { EntityFilter, FilterPage } from '@/gql/schema';
import { useKeepAsOf } from '@/hooks/useAsOf';
import classes from './Filters.module.css';
import type { PreviewRow, PreviewState } from './usePreview';

const columns: Column<PreviewRow>[] = [
  { key: 'name', header: 'Name', width: 240, required: true, grow: true, cell: (r) => <EntityLink entity={r} peek /> },
  { key: 'sourceType', header: 'Source type', width: 140, cell: (r) => r.sourceType },
  { key: 'integration', header: 'Integration', width: 190, cell: (r) => r.integration.name },
  { key: 'status', header: 'Status', width: 120, cell: (r) => <StatusBadge status={r.status} /> },
  { key: 'email', header: 'E-mail', width: 220, hidden: true, cell: (r) => r.email },
  { key: 'username', header: 'Username', width: 180, hidden: true, cell: (r) => r.username },
];

const rowKey = (r: PreviewRow) => r.id;

const listOf: Partial<Record<string, FilterPage>> = { IDENTITY: 'IDENTITIES', CONNECTION: 'CONNECTIONS', RESOURCE: 'RESOURCES' };

/** The list page that shows all of what passes, where the filter is about one type. */
function listPath(filter: EntityFilter, search: string): string | undefined {
  const { type, ...rest } = filter;
  const page = type?.length === 1 ? listOf[type[0]!] : undefined;
  return page && filteredPage(page, rest, search);
}

/** How many pass, and the first rows. */
export function Preview({ rows, count, busy, error, retry, filter, search }: PreviewState & { filter: EntityFilter; search: string }) {
  const { openEntity } = useSidebar();
  const keep = useKeepAsOf();
  const list = listPath(filter, search);
  // Said already, at the condition that it is about.
  const placed = Boolean(error) && placeOf(error).place !== '';
  return (
    <section className={classes.preview} aria-label="Preview">
      <DataTable label="Entities that pass" columns={columns} rows={rows} rowKey={rowKey} loading={busy} error={placed ? undefined : error} onRetry={retry} height="auto" storageKey="filter-preview"
        {...(count === undefined ? {} : { totalCount: count })} onRowOpen={(r) => openEntity(r.id)}
        empty={placed ? <EmptyState compact icon="alert" title="Not counted" hint="Mend the condition that is marked above." />
          : <EmptyState compact title="Nothing passes this filter" hint="Take a condition away, or widen one." />}
        toolbar={(
          <>
            <h2 className={classes.heading}>Preview</h2>
            {busy ? <Loader size={14} aria-label="Counting" /> : count !== undefined && count > rows.length && (
              <span className="ag-soft">the first {rows.length}</span>
            )}
            {list && !placed && <Button component={Link} to={keep(list)} variant="subtle" size="compact-sm" rightSection={<Icon name="arrowRight" size={14} />}>Open as a list</Button>}
          </>
        )} />
    </section>
  );
}
