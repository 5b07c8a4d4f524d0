import { Button, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { Page } from '@/components/Page';
import { CopyButton } from '@/components/Copy';
import { FilterBuilder } from '@/components/FilterBuilder';
import { FilterSentence } from '@/components/FilterSentence';
import { Icon } from '@/components/icons';
import { DroppedNote, SavedFilterMenu, SaveFilterButton, type AppliedFilter } from '@/components/SavedFilters';
import type { EntityFilter } from '@/gql/schema';
import { useDebounced } from '@/hooks/useDebounced';
import { filterCodec, noFilter, useEntityFilter } from '@/hooks/useEntityFilter';
import { textCodec, useUrlState } from '@/hooks/useUrlState';
import { Behind } from './Behind';
import classes from './Filters.module.css';
import { Preview } from './Preview';
import { usePreview } from './usePreview';

const same = (a: EntityFilter, b: EntityFilter) => JSON.stringify(a) === JSON.stringify(b);

/**
 * The filter, edited at once and written into the URL when it has settled for a moment: each key
 * would be a navigation otherwise. What comes by the URL (a link, Back) is taken over.
 */
function useSettlingFilter(): [EntityFilter, (filter: EntityFilter) => void] {
  const [url, setUrl] = useEntityFilter();
  const [filter, setFilter] = useState(url);
  const written = useRef(url);
  useEffect(() => {
    if (same(url, written.current)) return;
    written.current = url;
    setFilter(url);
  }, [url]);
  const settled = useDebounced(filter, 300);
  useEffect(() => {
    if (same(settled, written.current)) return;
    written.current = settled;
    setUrl(settled);
  }, [settled, setUrl]);
  return [filter, setFilter];
}

/** Builds a filter out of conditions, and shows what passes it. */
export function FiltersPage() {
  const [filter, setFilter] = useSettlingFilter();
  const [search, setSearch] = useUrlState('q', textCodec);
  const [saved, setSaved] = useUrlState('saved', textCodec);
  const [applied, setApplied] = useState<AppliedFilter | null>(null);
  const preview = usePreview(filter, search);
  const apply = (next: AppliedFilter) => {
    setApplied(next);
    setSaved(next.id);
    setFilter(next.filter);
    setSearch(next.search);
  };
  return (
    <Page title="Filter builder" subtitle="Who has access to what, asked condition by condition"
      actions={(
        <>
          <SavedFilterMenu page="ENTITIES" onApply={apply} />
          <CopyButton text={() => linkTo(filter)} label="Copy link" />
          <SaveFilterButton page="ENTITIES" filter={filter} search={search} savedId={saved} onSaved={(f) => { setSaved(f.id); setApplied(null); }} />
        </>
      )}>
      <DroppedNote applied={applied} />
      <section className={classes.card} aria-label="Filter">
        <FilterBuilder value={filter} onChange={setFilter} error={preview.error} />
        <div className={classes.searchRow}>
          <TextInput className={classes.search} aria-label="Text in the name, username, e-mail or source id" placeholder="Text in name, username, e-mail or source id" value={search}
            onChange={(e) => setSearch(e.currentTarget.value)} leftSection={<Icon name="search" size={16} />} />
          {(!same(filter, noFilter) || search) && (
            <Button variant="subtle" onClick={() => { setFilter(noFilter); setSearch(''); setSaved(''); setApplied(null); }}>Clear all</Button>
          )}
        </div>
      </section>
      <section className={classes.reads} aria-label="In words">
        <FilterSentence filter={filter} search={search} />
      </section>
      <Preview {...preview} filter={filter} search={search} />
      <Behind filter={filter} search={search} />
    </Page>
  );
}

/** This page with the filter as it stands now, also when the URL is not written yet. */
function linkTo(filter: EntityFilter): string {
  const url = new URL(window.location.href);
  const text = filterCodec.format(filter);
  if (text === null) url.searchParams.delete('filter');
  else url.searchParams.set('filter', text);
  return url.href;
}
