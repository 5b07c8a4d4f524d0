import { Button } from '@mantine/core';
import type { EntityFilter } from '@/gql/schema';
import { Icon } from '@/components/icons';
import { noFilter } from '@/hooks/useEntityFilter';
import classes from './FilterChips.module.css';
import { clauseWords, partWords } from './words';

export interface FilterChipsProps {
  filter: EntityFilter;
  onChange: (filter: EntityFilter) => void;
}

interface Chip {
  text: string;
  rest: EntityFilter;
}

/** Each part of the filter at its top, and the filter without it. */
function chipsOf(filter: EntityFilter): Chip[] {
  return Object.entries(filter).filter(([, v]) => v !== undefined).flatMap(([name, value]) => {
    const { [name as keyof EntityFilter]: _, ...rest } = filter;
    if (name !== 'having' || !Array.isArray(value)) return [{ text: partWords(name, value), rest }];
    return value.map((clause, i) => ({
      text: clauseWords(clause), rest: value.length === 1 ? rest : { ...filter, having: (value as NonNullable<EntityFilter['having']>).filter((_c, k) => k !== i) },
    }));
  });
}

/** What a filter asks, a chip for each part, which can be taken away one by one. Nothing where nothing is asked. */
export function FilterChips({ filter, onChange }: FilterChipsProps) {
  const chips = chipsOf(filter);
  if (chips.length === 0) return null;
  return (
    <ul className={classes.chips} aria-label="Filter">
      {chips.map((chip, i) => (
        <li key={`${i} ${chip.text}`} className={classes.chip}>
          <span className={classes.text} title={chip.text}>{chip.text}</span>
          <button type="button" className={classes.remove} aria-label={`Remove ${chip.text}`} onClick={() => onChange(chip.rest)}><Icon name="close" size={13} /></button>
        </li>
      ))}
      <li><Button variant="subtle" size="compact-sm" onClick={() => onChange(noFilter)}>Clear all</Button></li>
    </ul>
  );
}
