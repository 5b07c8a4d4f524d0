import { Button, Modal } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import { FilterChips } from '@/components/FilterChips';
import { Icon } from '@/components/icons';
import { LoadingState } from '@/components/States';
import type { EntityFilter, EntityType } from '@/gql/schema';
import classes from './Compare.module.css';

const FilterBuilder = lazy(() => import('@/components/FilterBuilder').then((m) => ({ default: m.FilterBuilder })));

export interface FilterFieldProps {
  label: string;
  /** What an empty filter means. */
  everything: string;
  value: EntityFilter;
  onChange: (filter: EntityFilter) => void;
  kind?: EntityType;
}

/** A filter as chips, edited in a dialog. */
export function FilterField({ label, everything, value, onChange, kind }: FilterFieldProps) {
  const [draft, setDraft] = useState<EntityFilter | null>(null);
  return (
    <div className={classes.field}>
      <span className={classes.label}>{label}</span>
      {Object.keys(value).length === 0 ? <span>{everything}</span> : <FilterChips filter={value} onChange={onChange} />}
      <Button variant="default" size="compact-sm" leftSection={<Icon name="filter" size={14} />} aria-label={`${label}: edit the filter`} onClick={() => setDraft(value)}>Filter</Button>
      <Modal opened={draft !== null} onClose={() => setDraft(null)} title={label} size="xl">
        {draft !== null && (
          <form onSubmit={(e) => { e.preventDefault(); onChange(draft); setDraft(null); }}>
            <Suspense fallback={<LoadingState label="Loading the filter builder" compact />}>
              <FilterBuilder value={draft} onChange={setDraft} {...(kind ? { kind } : {})} />
            </Suspense>
            <div className={classes.buttons}>
              <Button variant="default" onClick={() => setDraft(null)}>Cancel</Button>
              <Button type="submit">Apply</Button>
            </div>
          </form>
        )}
      </Modal>
    </div>
  );
}
