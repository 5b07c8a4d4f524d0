import { ActionIcon, Button } from '@mantine/core';
import { useContext, useMemo, useRef } from 'react';
import { Icon } from '@/components/icons';
import { addTo } from './add';
import { AddMenu } from './AddMenu';
import { BuilderContext, usePartError } from './context';
import { toFilter } from './emit';
import classes from './FilterBuilder.module.css';
import { HavingEditor } from './HavingEditor';
import { emptyGroup, type Group, type Row } from './model';
import { RowEditor } from './RowEditor';

export interface GroupEditorProps {
  group: Group;
  onChange: (group: Group) => void;
  /** What is not offered, e.g. the type on a page of one type. */
  without?: readonly string[];
  /** On the button; "Add condition" when left out. */
  add?: string;
  /** Shown while there are no conditions. */
  empty?: string;
}

/** The conditions of one EntityFilter, all of which have to hold, to any depth. */
export function GroupEditor({ group, onChange, without = [], add = 'Add condition', empty }: GroupEditorProps) {
  const button = useRef<HTMLButtonElement>(null);
  const { added } = useContext(BuilderContext);
  const error = usePartError(group.key);
  const used = useMemo(() => new Set([...group.rows.map((r) => r.field).filter((f) => f !== 'having'), ...without]), [group.rows, without]);
  const change = (row: Row) => onChange({ ...group, rows: group.rows.map((r) => (r.key === row.key ? row : r)) });
  const remove = (row: Row) => {
    onChange({ ...group, explicit: false, rows: group.rows.filter((r) => r.key !== row.key) });
    button.current?.focus(); // else the keyboard would be left nowhere
  };
  return (
    <div className={classes.group}>
      {group.rows.length === 0 && empty && <p className={classes.none}>{empty}</p>}
      {group.rows.map((row) => {
        switch (row.kind) {
          case 'groups': return <GroupsRow key={row.key} row={row} onChange={change} onRemove={() => remove(row)} />;
          case 'not': return (
            <Box key={row.key} partKey={row.key} title="Not" hint="these conditions do not hold together" onRemove={() => remove(row)}>
              <GroupEditor group={row.group} onChange={(g) => change({ ...row, group: g })} />
            </Box>
          );
          case 'having': return (
            <div key={row.key} className={classes.group}>
              {row.clauses.map((clause, i) => (
                <HavingEditor key={clause.key} clause={clause} number={row.clauses.length > 1 ? i + 1 : undefined}
                  onChange={(c) => change({ ...row, clauses: row.clauses.map((k) => (k.key === c.key ? c : k)) })}
                  onRemove={() => (row.clauses.length > 1 ? change({ ...row, clauses: row.clauses.filter((k) => k.key !== clause.key) }) : remove(row))} />
              ))}
            </div>
          );
          default: return <RowEditor key={row.key} row={row} scope={toFilter({ ...group, rows: group.rows.filter((r) => r.key !== row.key) })} onChange={change} onRemove={() => remove(row)} />;
        }
      })}
      {error && <p className={classes.error} role="alert">{error}</p>}
      <div>
        <AddMenu ref={button} label={add} used={used} onAdd={(choice) => {
          const next = addTo(group, choice);
          added.current = next.key;
          onChange(next.group);
        }} />
      </div>
    </div>
  );
}

interface GroupsRowProps {
  row: Row & { kind: 'groups' };
  onChange: (row: Row) => void;
  onRemove: () => void;
}

function GroupsRow({ row, onChange, onRemove }: GroupsRowProps) {
  const any = row.field === 'or';
  const remove = (group: Group) => (row.groups.length > 1 ? onChange({ ...row, groups: row.groups.filter((g) => g.key !== group.key) }) : onRemove());
  return (
    <Box partKey={row.key} title={any ? 'Any of' : 'All of'} hint={any ? 'one of these is enough' : 'every one of these holds'} onRemove={onRemove}>
      {row.groups.map((group, i) => (
        <div key={group.key} role="group" aria-label={`${any ? 'Alternative' : 'Set'} ${i + 1}`} className={classes.member}>
          {i > 0 && <span className={classes.joint}>{any ? 'or' : 'and'}</span>}
          <div className={classes.memberBody}>
            <GroupEditor group={group} onChange={(g) => onChange({ ...row, groups: row.groups.map((k) => (k.key === g.key ? g : k)) })} />
            <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${any ? 'alternative' : 'set'} ${i + 1}`} onClick={() => remove(group)}><Icon name="close" size={16} /></ActionIcon>
          </div>
        </div>
      ))}
      <div>
        <Button variant="subtle" size="compact-sm" leftSection={<Icon name="plus" size={14} />} onClick={() => onChange({ ...row, groups: [...row.groups, emptyGroup()] })}>
          {any ? 'Add alternative' : 'Add set'}
        </Button>
      </div>
    </Box>
  );
}

interface BoxProps {
  partKey: string;
  title: string;
  hint: string;
  onRemove: () => void;
  children: React.ReactNode;
}

/** A frame around conditions that belong together. */
function Box({ partKey, title, hint, onRemove, children }: BoxProps) {
  const error = usePartError(partKey);
  return (
    <section aria-label={title} className={classes.box} data-invalid={error !== undefined || undefined}>
      <div className={classes.boxHead}>
        <span><strong>{title}</strong> <span className="ag-soft">{hint}</span></span>
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove “${title}”`} onClick={onRemove}><Icon name="close" size={16} /></ActionIcon>
      </div>
      {error && <p className={classes.error} role="alert">{error}</p>}
      {children}
    </section>
  );
}
