import { ActionIcon, Button, Chip, NumberInput, SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '@/components/icons';
import type { EntityFilter } from '@/gql/schema';
import { useFocusWhenAdded, usePartError } from './context';
import classes from './FilterBuilder.module.css';
import { fieldOf } from './fields';
import { Ids } from './Ids';
import { Lines } from './Lines';
import type { Row } from './model';

export type FieldRow = Exclude<Row, { kind: 'groups' | 'not' | 'having' }>;

export interface RowEditorProps {
  row: FieldRow;
  /** The other conditions of the group. */
  scope: EntityFilter;
  onChange: (row: FieldRow) => void;
  onRemove: () => void;
}

const presets = [30, 60, 90, 180, 365];

/** One condition on one field: its name, its editor, and what the server has against it. */
export function RowEditor({ row, scope, onChange, onRemove }: RowEditorProps) {
  const field = fieldOf(row.field);
  const label = field?.label ?? row.field;
  const error = usePartError(row.key);
  const element = useFocusWhenAdded<HTMLDivElement>(row.key);
  const invalid = error !== undefined;
  return (
    <div ref={element} role="group" aria-label={label} className={classes.row} data-field={row.field} data-invalid={invalid || undefined}>
      <span className={classes.label} title={field?.hint}>{label}</span>
      <div className={classes.editor}>
        {editor()}
        {error && <p className={classes.error} role="alert">{error}</p>}
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label={`Remove the condition on ${label.toLowerCase()}`} onClick={onRemove}><Icon name="close" size={16} /></ActionIcon>
    </div>
  );

  function editor(): ReactNode {
    switch (row.kind) {
      case 'text': return <Lines lines={row.lines} label={label} field={field} scope={scope} invalid={invalid} onChange={(lines) => onChange({ ...row, lines })} />;
      case 'ids': return <Ids values={row.values} invalid={invalid} onChange={(values) => onChange({ ...row, values })} />;
      case 'list': return (
        <Chip.Group multiple value={row.values ?? []} onChange={(values) => onChange({ ...row, values: values.length > 0 ? values : undefined })}>
          <div className={classes.chips}>
            {field?.values?.map(([value, text]) => <Chip key={value} value={value} size="sm" variant="outline" radius="md">{text}</Chip>)}
          </div>
        </Chip.Group>
      );
      case 'flag': return (
        <SegmentedControl className={classes.flag} aria-label={label} size="xs" data={[{ value: 'true', label: 'Yes' }, { value: 'false', label: 'No' }]} value={String(row.value)}
          onChange={(v) => onChange({ ...row, value: v === 'true' })} />
      );
      case 'days': return (
        <div className={classes.line}>
          <span>at least</span>
          <NumberInput className={classes.number} aria-label={`${label}, days`} value={row.value ?? ''} min={0} max={36500} allowDecimal={false} error={invalid}
            onChange={(v) => onChange({ ...row, value: v === '' ? undefined : Number(v) })} />
          <span>days</span>
          <span className={classes.presets}>
            {presets.map((d) => (
              <Button key={d} size="compact-xs" variant={row.value === d ? 'light' : 'subtle'} aria-label={`${d} days`} aria-pressed={row.value === d} onClick={() => onChange({ ...row, value: d })}>{d}</Button>
            ))}
          </span>
        </div>
      );
      case 'raw': return <code className={classes.raw} title="This builder has no such field; the server says what is wrong with it.">{JSON.stringify(row.value)}</code>;
    }
  }
}
