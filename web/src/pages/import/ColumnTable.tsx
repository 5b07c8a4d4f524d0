import { Select, Table, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Badge } from '@/components/Entity';
import { samples, type Choices, type Preview, type PreviewColumn } from './preview';
import classes from './Import.module.css';

const absent = '';

const how = {
  SAME: { label: 'Same name', tone: 'good' }, CHOSEN: { label: 'Chosen', tone: 'accent' }, REMEMBERED: { label: 'As last time', tone: 'good' },
  SIMILAR: { label: 'A guess', tone: 'warn' }, ABSENT: { label: 'Not in the file', tone: 'plain' },
} as const;

export interface ColumnTableProps {
  preview: Preview;
  choices: Choices;
  onChoices: (change: Partial<Choices>) => void;
}

/** Which column of the file is which; everything can be changed. */
export function ColumnTable({ preview, choices, onChoices }: ColumnTableProps) {
  return (
    // What scrolls has to be reached by the keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className={classes.scroll} role="region" aria-label="Columns of the file" tabIndex={0}>
      <Table className={classes.columns} verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Column</Table.Th>
            <Table.Th scope="col">In the file</Table.Th>
            <Table.Th scope="col">How it was found</Table.Th>
            <Table.Th scope="col">Values</Table.Th>
            <Table.Th scope="col">Where empty</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {preview.columns.map((c) => (
            <ColumnRow key={c.name} column={c} preview={preview}
              onHeader={(header) => onChoices({ map: { ...choices.map, [c.name]: header } })}
              onDefault={(value) => {
                const { [c.name]: _old, ...others } = choices.defaults;
                onChoices({ defaults: value === '' ? others : { ...others, [c.name]: value } });
              }} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

interface RowProps {
  column: PreviewColumn;
  preview: Preview;
  onHeader: (header: string) => void;
  onDefault: (value: string) => void;
}

function ColumnRow({ column: c, preview, onHeader, onDefault }: RowProps) {
  const missing = c.required && !c.header && !c.default;
  const values = samples(preview, c.header);
  const options = [{ value: absent, label: 'Not in the file' }, ...[...new Set(preview.header)].filter(Boolean).map((h) => ({ value: h, label: h }))];
  return (
    <Table.Tr data-missing={missing || undefined}>
      <Table.Th scope="row" className={classes.name}>{c.name}{c.required && <span className={classes.required}> needed</span>}</Table.Th>
      <Table.Td>
        <Select size="xs" aria-label={`Column of the file for ${c.name}`} data={options} value={c.header} allowDeselect={false} searchable={options.length > 12}
          error={missing} onChange={(v) => onHeader(v ?? absent)} w={220} />
      </Table.Td>
      <Table.Td><Badge tone={missing ? 'bad' : how[c.how].tone}>{missing ? 'Missing' : how[c.how].label}</Badge></Table.Td>
      <Table.Td className={classes.values}>{values.length > 0 ? values.map((v) => <code key={v}>{v}</code>) : <span className="ag-soft">–</span>}</Table.Td>
      <Table.Td><Default key={c.default} name={c.name} value={c.default} onDefault={onDefault} /></Table.Td>
    </Table.Tr>
  );
}

// Asked of the server when the field is left, not for every letter.
function Default({ name, value, onDefault }: { name: string; value: string; onDefault: (value: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  const done = () => {
    if (text.trim() !== value) onDefault(text.trim());
  };
  return (
    <TextInput size="xs" w={150} aria-label={`Value of ${name} where the file has none`} placeholder="stays empty" value={text}
      onChange={(e) => setText(e.currentTarget.value)} onBlur={done} onKeyDown={(e) => e.key === 'Enter' && done()} />
  );
}
