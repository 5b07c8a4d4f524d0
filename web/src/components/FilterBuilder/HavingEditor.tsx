import { ActionIcon, Button, NativeSelect, NumberInput } from '@mantine/core';
import { useContext, type ReactNode, type Ref } from 'react';
import { Icon } from '@/components/icons';
import { BuilderContext, useFocusWhenAdded, usePartError } from './context';
import classes from './FilterBuilder.module.css';
import { GroupEditor } from './GroupEditor';
import { Lines } from './Lines';
import { emptyGroup, newLine, type Clause, type Group } from './model';

export interface HavingEditorProps {
  clause: Clause;
  /** Which of several it is. */
  number: number | undefined;
  onChange: (clause: Clause) => void;
  onRemove: () => void;
}

/** One having clause, laid out as it is read: has access to | at least 2 | by any path, with a permission, to what, via what. */
export function HavingEditor({ clause, number, onChange, onRemove }: HavingEditorProps) {
  const error = usePartError(clause.key);
  const element = useFocusWhenAdded<HTMLElement>(clause.key);
  const { added } = useContext(BuilderContext);
  const by = clause.direction === 'ACCESSIBLE_BY';
  const direct = clause.reach === 'DIRECT';
  const title = `${by ? 'Accessible by' : 'Has access to'}${number ? `, ${number}` : ''}`;
  // The schema's defaults are left out, so that the JSON says only what was chosen.
  const set = (change: Partial<Clause>) => onChange({ ...clause, ...change });
  const drop = (change: Partial<Clause>) => {
    set(change);
    element.current?.querySelector('select')?.focus(); // else the keyboard would be left nowhere
  };
  return (
    <section ref={element} aria-label={title} className={classes.box} data-having data-invalid={error !== undefined || undefined}>
      <div className={classes.boxHead}>
        <div className={classes.line}>
          <NativeSelect aria-label="Direction" value={clause.direction ?? 'HAS_ACCESS_TO'} onChange={(e) => set({ direction: e.currentTarget.value === 'ACCESSIBLE_BY' ? 'ACCESSIBLE_BY' : undefined })}
            data={[{ value: 'HAS_ACCESS_TO', label: 'has access to' }, { value: 'ACCESSIBLE_BY', label: 'is accessible by' }]} />
          <NativeSelect aria-label="How many" value={clause.none ? 'none' : 'some'} data={[{ value: 'some', label: 'at least' }, { value: 'none', label: 'none' }]}
            onChange={(e) => set(e.currentTarget.value === 'none' ? { none: true, atLeast: undefined } : { none: undefined })} />
          {(!clause.none || clause.atLeast !== undefined) && (
            <NumberInput className={classes.count} aria-label="At least" min={1} allowDecimal={false} allowNegative={false} clampBehavior="none" value={clause.atLeast ?? 1} error={error !== undefined}
              onChange={(v) => set({ atLeast: v === '' || Number(v) === 1 ? undefined : Number(v) })} />
          )}
          <NativeSelect aria-label="Reach" value={clause.reach ?? 'EFFECTIVE'} onChange={(e) => set({ reach: e.currentTarget.value === 'DIRECT' ? 'DIRECT' : undefined })}
            data={[{ value: 'EFFECTIVE', label: 'by any path' }, { value: 'DIRECT', label: 'by a direct grant' }]} />
        </div>
        <ActionIcon variant="subtle" color="gray" aria-label={`Remove “${title}”`} onClick={onRemove}><Icon name="close" size={16} /></ActionIcon>
      </div>
      {error && <p className={classes.error} role="alert">{error}</p>}
      <Part title={by ? 'who reaches it' : 'what is reached'}>
        <GroupEditor group={clause.entity ?? emptyEntity(clause.key)} onChange={(entity) => set({ entity })} add="Describe it"
          empty={by ? 'Anything that reaches it. Describe it, e.g. its type or department.' : 'Anything. Describe it, e.g. its type, source type or name.'} />
      </Part>
      {clause.permission && (
        <PermissionPart clause={clause} onChange={(change) => (change.permission ? set(change) : drop(change))} />
      )}
      {clause.via && (
        <ViaPart clauseKey={clause.key} via={clause.via} onChange={(via) => (via ? set({ via }) : drop({ via }))} />
      )}
      {Object.entries(clause.rest).map(([name, value]) => (
        <div key={name} className={classes.row}>
          <span className={classes.label}>{name}</span>
          <div className={classes.editor}><code className={classes.raw}>{JSON.stringify(value)}</code></div>
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${name}`} onClick={() => set({ rest: Object.fromEntries(Object.entries(clause.rest).filter(([n]) => n !== name)) })}>
            <Icon name="close" size={16} />
          </ActionIcon>
        </div>
      ))}
      {(!clause.permission || (!clause.via && !direct)) && (
        <div className={classes.extras}>
          {!clause.permission && (
            <Button variant="subtle" size="compact-sm" leftSection={<Icon name="key" size={14} />} onClick={() => { added.current = `${clause.key} permission`; set({ permission: [newLine()] }); }}>With permission …</Button>
          )}
          {!clause.via && !direct && (
            <Button variant="subtle" size="compact-sm" leftSection={<Icon name="connection" size={14} />} onClick={() => { added.current = `${clause.key} via`; set({ via: emptyGroup() }); }}>Via a connection …</Button>
          )}
        </div>
      )}
    </section>
  );
}

// A clause that came without an entity is edited as one with an empty group, which is not part of the JSON.
const emptyEntity = (key: string) => ({ key: `${key} entity`, rows: [], explicit: false });

function PermissionPart({ clause, onChange }: { clause: Clause; onChange: (change: Partial<Clause>) => void }) {
  const element = useFocusWhenAdded<HTMLDivElement>(`${clause.key} permission`);
  return (
    <div ref={element} role="group" aria-label="Permission" className={classes.row}>
      <span className={classes.label}>with permission</span>
      <div className={classes.editor}>
        <Lines lines={clause.permission ?? []} onChange={(permission) => onChange({ permission })} label="Permission" field={undefined} scope={{}} invalid={false} />
      </div>
      <ActionIcon variant="subtle" color="gray" aria-label="Remove the permission" onClick={() => onChange({ permission: undefined })}><Icon name="close" size={16} /></ActionIcon>
    </div>
  );
}

function ViaPart({ clauseKey, via, onChange }: { clauseKey: string; via: Group; onChange: (via: Group | undefined) => void }) {
  const element = useFocusWhenAdded<HTMLDivElement>(`${clauseKey} via`);
  return (
    <Part ref={element} title="via a connection that is" onRemove={() => onChange(undefined)} remove="Remove the connection in between">
      <GroupEditor group={via} onChange={onChange} add="Describe the connection" empty="Any connection in between. Describe it, e.g. its name." />
    </Part>
  );
}

interface PartProps {
  title: string;
  children: ReactNode;
  onRemove?: () => void;
  remove?: string;
  ref?: Ref<HTMLDivElement>;
}

function Part({ title, children, onRemove, remove, ref }: PartProps) {
  return (
    <div ref={ref} role="group" aria-label={title} className={classes.part}>
      <div className={classes.boxHead}>
        <span className={classes.partTitle}>{title}</span>
        {onRemove && <ActionIcon variant="subtle" color="gray" aria-label={remove} onClick={onRemove}><Icon name="close" size={16} /></ActionIcon>}
      </div>
      {children}
    </div>
  );
}
