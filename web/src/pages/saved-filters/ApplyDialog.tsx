import { Button, Modal, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'react-router';
import { useQuery } from 'urql';
import { ErrorState } from '@/components/States';
import { filteredPage, filterPages, lostOn } from '@/components/SavedFilters';
import type { SavedFilterBriefFragment } from '@/gql/graphql';
import type { EntityFilter, FilterPage } from '@/gql/schema';
import { FittedSavedFilter } from './documents';
import classes from './SavedFilters.module.css';

/** Chooses a page to apply a filter to, and says first what that page cannot apply. */
export function ApplyDialog({ saved, onClose }: { saved: SavedFilterBriefFragment; onClose: () => void }) {
  const [page, setPage] = useState<FilterPage>(saved.page);
  const [{ data, error, fetching }] = useQuery({ query: FittedSavedFilter, variables: { id: saved.id, to: page }, requestPolicy: 'cache-and-network' });
  const fitted = data?.savedFilter.fitted;
  const lost = fitted ? lostOn(page, saved.filter as EntityFilter, fitted.dropped) : [];
  return (
    <Modal opened onClose={onClose} title={`Apply “${saved.name}”`}>
      <div className={classes.form}>
        <NativeSelect label="Page" value={page} data-autofocus onChange={(e) => setPage(e.currentTarget.value as FilterPage)}
          data={Object.entries(filterPages).map(([value, p]) => ({ value, label: p.label }))} />
        {error && <ErrorState compact error={error} />}
        {fitted && !fetching && (lost.length > 0
          ? <div className={classes.warn} role="status">This page does not know, and leaves out: <ul className={classes.dropped}>{lost.map((d) => <li key={d}><code>{d}</code></li>)}</ul></div>
          : <p className="ag-soft" role="status">All of it applies.</p>)}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          {fitted && !fetching ? <Button component={Link} to={filteredPage(page, fitted.filter as EntityFilter, saved.search)}>Apply</Button> : <Button disabled>Apply</Button>}
        </div>
      </div>
    </Modal>
  );
}
