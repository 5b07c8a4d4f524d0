import { useState } from 'react';
import { DroppedNote, SavedFilterMenu, SaveFilterButton, type AppliedFilter } from '@/components/SavedFilters';
import type { EntityFilter, FilterPage } from '@/gql/schema';

interface SavedProps {
  page: FilterPage;
  filter: EntityFilter;
  search: string;
  /** Puts a saved filter in place of what the page asks for. */
  onApply: (filter: EntityFilter, search: string) => void;
}

/** Applies a saved filter to a list, or saves the list's own. */
export function Saved({ page, filter, search, onApply }: SavedProps) {
  const [applied, setApplied] = useState<AppliedFilter | null>(null);
  const asks = Object.keys(filter).length > 0 || search !== '';
  return (
    <>
      <SavedFilterMenu page={page} onApply={(a) => { setApplied(a); onApply(a.filter, a.search); }} />
      {asks && <SaveFilterButton page={page} filter={filter} search={search} />}
      {asks && <DroppedNote applied={applied} />}
    </>
  );
}
