import { Checkbox, TextInput } from '@mantine/core';
import { useState } from 'react';
import classes from './FilterPanel.module.css';
import { toggled } from './match';

export interface FacetValue {
  value: string;
  label: string;
  count: number;
}

export interface FacetValuesProps {
  label: string;
  values: FacetValue[];
  chosen: string[];
  onChange: (chosen: string[]) => void;
  /** Missing and other values can be chosen together. */
  both?: boolean;
  loading?: boolean;
}

const few = 6;
const many = 200;

/** Values with how many there are of each, the chosen ones among them always. */
export function FacetValues({ label, values, chosen, onChange, both = false, loading = false }: FacetValuesProps) {
  const [all, setAll] = useState(false);
  const [part, setPart] = useState('');
  const known = new Set(values.map((v) => v.value));
  // What is chosen and counted no more stays, so that it can be given up.
  const full = [...values, ...chosen.filter((v) => !known.has(v)).map((value) => ({ value, label: value || 'None', count: 0 }))];
  const found = part ? full.filter((v) => v.label.toLowerCase().includes(part.toLowerCase()) || chosen.includes(v.value)) : full;
  const shown = found.filter((v, i) => i < (all || part ? many : few) || chosen.includes(v.value));
  if (full.length === 0) return <p className={classes.note}>{loading ? 'Counting…' : 'No values'}</p>;
  return (
    <div className={classes.values} aria-busy={loading}>
      {all && full.length > 12 && (
        <TextInput size="xs" value={part} onChange={(e) => setPart(e.currentTarget.value)} placeholder="Find a value" aria-label={`Find a value of ${label}`} />
      )}
      <ul className={classes.list} aria-label={label}>
        {shown.map((v) => (
          <li key={v.value} className={classes.value}>
            <Checkbox size="xs" label={<span className={classes.valueLine}><span className={classes.valueText} title={v.label}>{v.label}</span><span className={classes.count}>{v.count.toLocaleString('en-US')}</span></span>}
              classNames={{ body: classes.body ?? '', labelWrapper: classes.labelWrapper ?? '', label: classes.label ?? '' }}
              checked={chosen.includes(v.value)} onChange={() => onChange(toggled(chosen, v.value, both))} />
          </li>
        ))}
      </ul>
      {found.length > few && !part && (
        <button type="button" className={classes.more} onClick={() => setAll(!all)}>{all ? 'Fewer' : `All ${full.length.toLocaleString('en-US')}`}</button>
      )}
      {(all || part) && found.length > many && <p className={classes.note}>The {many} most frequent; type to find others.</p>}
    </div>
  );
}
