import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { Page } from '@/components/Page';
import { builderPage } from '@/components/SavedFilters';
import { SavedFilterList } from '@/components/SavedFilters/documents';
import { EmptyState, ErrorState, LoadingState } from '@/components/States';
import { Icon } from '@/components/icons';
import type { SavedFilterBriefFragment } from '@/gql/graphql';
import { textCodec, useUrlState } from '@/hooks/useUrlState';
import { ApplyDialog } from './ApplyDialog';
import { DeleteDialog } from './DeleteDialog';
import { RenameDialog } from './RenameDialog';
import { SavedFilterCard } from './SavedFilterCard';
import classes from './SavedFilters.module.css';

type Dialog = { kind: 'rename' | 'delete' | 'apply'; saved: SavedFilterBriefFragment };

const context = { additionalTypenames: ['SavedFilter'] };

/** Every saved filter that the caller may see, and what can be done with it. */
export function SavedFiltersPage() {
  const [search, setSearch] = useUrlState('q', textCodec);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [{ data, error, fetching }, again] = useQuery({ query: SavedFilterList, variables: {}, requestPolicy: 'cache-and-network', context });
  const reload = () => again({ requestPolicy: 'network-only' });
  const asked = search.trim().toLowerCase();
  const all = data?.savedFilters ?? [];
  const shown = all.filter((f) => `${f.name} ${f.sentence}`.toLowerCase().includes(asked));
  const close = () => setDialog(null);
  return (
    <Page title="Saved filters" subtitle="Filters with a name, to be applied on any page"
      actions={<Button component={Link} to={builderPage({})} leftSection={<Icon name="plus" size={16} />}>New filter</Button>}>
      {error && all.length === 0 ? <ErrorState error={error} retry={reload} />
        : fetching && !data ? <LoadingState label="Loading saved filters" />
        : all.length === 0 ? (
          <EmptyState icon="filter" title="No saved filters yet" hint="Build a filter, look at what passes, and save it under a name."
            action={<Button component={Link} to={builderPage({})}>Build a filter</Button>} />
        ) : (
          <>
            <div className={classes.bar}>
              <TextInput className={classes.search} aria-label="Search saved filters" placeholder="Search saved filters" value={search} onChange={(e) => setSearch(e.currentTarget.value)}
                leftSection={<Icon name="search" size={16} />} />
              <span className="ag-soft" role="status">{shown.length === 1 ? '1 filter' : `${shown.length} filters`}</span>
            </div>
            {shown.length === 0 && <EmptyState compact title="No saved filter with this text" />}
            <ul className={classes.list}>
              {shown.map((saved) => (
                <SavedFilterCard key={saved.id} saved={saved} onRename={() => setDialog({ kind: 'rename', saved })} onDelete={() => setDialog({ kind: 'delete', saved })}
                  onApply={() => setDialog({ kind: 'apply', saved })} onChanged={reload} />
              ))}
            </ul>
          </>
        )}
      {dialog?.kind === 'rename' && <RenameDialog saved={dialog.saved} onClose={close} onDone={() => { close(); reload(); }} />}
      {dialog?.kind === 'delete' && <DeleteDialog saved={dialog.saved} onClose={close} onDone={() => { close(); reload(); }} />}
      {dialog?.kind === 'apply' && <ApplyDialog saved={dialog.saved} onClose={close} />}
    </Page>
  );
}
