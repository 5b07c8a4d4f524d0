import { ActionIcon, Button, NativeSelect } from '@mantine/core';
import type { EntityFilter } from '@/gql/schema';
import { Icon } from '@/components/icons';
import { usePartError } from './context';
import classes from './FilterBuilder.module.css';
import { operators, type Field, type Operator } from './fields';
import { newLine, type Line } from './model';
import { TextValue, TextValues } from './ValueInput';

export interface LinesProps {
  lines: Line[];
  onChange: (lines: Line[]) => void;
  /** What is tested, for screen readers and suggestions. */
  label: string;
  field: Field | undefined;
  scope: EntityFilter;
  invalid: boolean;
}

/** The tests of one text field: all of them have to hold. Each operator is there once. */
export function Lines({ lines, onChange, ...rest }: LinesProps) {
  const free = operators.filter(([op]) => !lines.some((l) => l.op === op));
  const change = (line: Line) => onChange(lines.map((l) => (l.key === line.key ? line : l)));
  return (
    <div className={classes.lines}>
      {lines.length === 0 && <span className="ag-soft">anything</span>}
      {lines.map((line, i) => (
        <LineEditor key={line.key} {...rest} line={line} onChange={change} lines={lines} joined={i > 0}
          {...(lines.length > 1 ? { onRemove: () => onChange(lines.filter((l) => l.key !== line.key)) } : {})} />
      ))}
      {free.length > 0 && lines.every((l) => l.value !== undefined) && (
        <Button variant="subtle" size="compact-xs" className={classes.more} onClick={() => onChange([...lines, newLine(free[0]![0])])}
          aria-label={`Add another test of ${rest.label.toLowerCase()}`}>and …</Button>
      )}
    </div>
  );
}

type LineProps = Omit<LinesProps, 'onChange'> & { line: Line; joined: boolean; onChange: (line: Line) => void; onRemove?: () => void };

// isEmpty has two entries: that of true and that of false.
const present = 'isPresent';

function LineEditor({ line, lines, joined, onChange, onRemove, label, field, scope, invalid }: LineProps) {
  const error = usePartError(line.key);
  const taken = new Set(lines.filter((l) => l.key !== line.key).map((l) => l.op));
  const choices = operators.filter(([op]) => !taken.has(op)).flatMap(([value, text]) => (
    value === 'isEmpty' ? [{ value, label: text }, { value: present, label: 'is present' }] : [{ value, label: text }]
  ));
  const chosen = line.op === 'isEmpty' && line.value === false ? present : line.op;
  const choose = (choice: string) => {
    if (choice === present) onChange({ ...line, op: 'isEmpty', value: false });
    else onChange({ ...line, op: choice as Operator, value: converted(line, choice as Operator) });
  };
  const shared = { label: `${label}, value`, field, scope, invalid: invalid || error !== undefined };
  return (
    <div className={classes.line}>
      {joined && <span className={classes.joined}>and</span>}
      <NativeSelect className={classes.operator} aria-label={`${label}, test`} data={choices} value={chosen} onChange={(e) => choose(e.currentTarget.value)} />
      {line.op === 'in' && <TextValues {...shared} value={Array.isArray(line.value) ? line.value : []} onChange={(value) => onChange({ ...line, value })} />}
      {line.op !== 'in' && line.op !== 'isEmpty' && (
        <TextValue {...shared} value={typeof line.value === 'string' ? line.value : ''} onChange={(value) => onChange({ ...line, value })}
          placeholder={line.op === 'eq' ? 'Exact value' : 'Part of the text'} />
      )}
      {onRemove && (
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove this test of ${label.toLowerCase()}`} onClick={onRemove}><Icon name="minus" size={15} /></ActionIcon>
      )}
      {error && <p className={classes.error} role="alert">{error}</p>}
    </div>
  );
}

/** What was typed, kept where the other operator can use it. */
function converted(line: Line, op: Operator): Line['value'] {
  if (op === 'isEmpty') return true;
  const { value } = line;
  if (op === 'in') return Array.isArray(value) ? value : typeof value === 'string' && value ? [value] : undefined;
  return Array.isArray(value) ? value[0] : typeof value === 'string' ? value : undefined;
}
