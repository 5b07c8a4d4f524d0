import { Autocomplete, TagsInput, type OptionsFilter } from '@mantine/core';
import { useMemo, useState } from 'react';
import type { EntityFilter } from '@/gql/schema';
import classes from './FilterBuilder.module.css';
import type { Field } from './fields';
import { useSuggestions, type Suggestion } from './useSuggestions';

export interface ValueInputProps {
  field: Field | undefined;
  /** What it is, for screen readers. */
  label: string;
  /** The other conditions of the group: suggestions are of what these leave. */
  scope: EntityFilter;
  placeholder?: string;
  invalid: boolean;
}

const everything: OptionsFilter = ({ options }) => options;

function useOptions(field: Field | undefined, scope: EntityFilter, text: string) {
  const [active, setActive] = useState(false);
  const { values, searched } = useSuggestions(field, scope, text, active);
  const hints = useMemo(() => new Map(values.map((v: Suggestion) => [v.value, v.hint])), [values]);
  return {
    onFocus: () => setActive(true),
    data: useMemo(() => values.map((v) => v.value), [values]),
    renderOption: ({ option }: { option: { value: string } }) => (
      <span className={classes.suggestion}>
        <span className={classes.choice}>{option.value}</span>
        <span className={classes.suggestionHint}>{hints.get(option.value)}</span>
      </span>
    ),
    ...(searched ? { filter: everything } : {}),
    maxDropdownHeight: 260,
    limit: 100,
  };
}

/** One text, with the values in use to choose from. */
export function TextValue({ value, onChange, label, invalid, placeholder, field, scope }: ValueInputProps & { value: string; onChange: (value: string | undefined) => void }) {
  const options = useOptions(field, scope, value);
  return (
    <Autocomplete {...options} data-value className={classes.value} aria-label={label} placeholder={placeholder ?? 'Any text'} value={value} error={invalid}
      onChange={(text) => onChange(text === '' ? undefined : text)} autoComplete="off" spellCheck={false} />
  );
}

/** Several texts, one of which is enough. */
export function TextValues({ value, onChange, label, invalid, field, scope }: ValueInputProps & { value: string[]; onChange: (value: string[] | undefined) => void }) {
  const [text, setText] = useState('');
  const options = useOptions(field, scope, text);
  return (
    <TagsInput {...options} data-value className={classes.value} aria-label={label} placeholder={value.length === 0 ? 'Values, Enter after each' : ''} value={[...new Set(value)]}
      onChange={(next) => onChange(next.length === 0 ? undefined : next)} searchValue={text} onSearchChange={setText} error={invalid} acceptValueOnBlur
      splitChars={[';']} autoComplete="off" spellCheck={false} />
  );
}
