import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { messageOf } from '@/api/errors';
import { EmployeePicker } from '@/components/EmployeePicker';
import type { MappingRelation } from '@/gql/schema';
import { MapIdentities } from './documents';
import classes from './Lists.module.css';

export interface DialogProps {
  ids: string[];
  onClose: () => void;
  /** It was done: what is shown is old. */
  onDone: () => void;
}

/** Ties the chosen identities to an employee. */
export function MapDialog({ ids, onClose, onDone }: DialogProps) {
  const [employeeId, setEmployee] = useState<string | null>(null);
  const [relation, setRelation] = useState<MappingRelation>('IS');
  const [toOwner, setToOwner] = useState(false);
  const [{ fetching, error }, map] = useMutation(MapIdentities);
  const submit = async () => {
    const { data } = await map({ input: { entityIds: ids, relation, ...(toOwner ? { toAppOwner: true } : { employeeId }) } });
    if (data) onDone();
  };
  const many = ids.length === 1 ? '1 identity' : `${ids.length.toLocaleString('en-US')} identities`;
  return (
    <Modal opened onClose={onClose} title={`Map ${many}`}>
      <form className={classes.form} onSubmit={(e) => { e.preventDefault(); void submit(); }}>
        <Radio.Group label="To whom" value={toOwner ? 'owner' : 'employee'} onChange={(v) => setToOwner(v === 'owner')}>
          <div className={classes.form}>
            <Radio value="employee" label="One employee" />
            <Radio value="owner" label="The primary owner of each identity’s integration" />
          </div>
        </Radio.Group>
        {!toOwner && <EmployeePicker label="Employee" value={employeeId} onChange={setEmployee} />}
        <Radio.Group label="How they are tied" value={relation} onChange={(v) => setRelation(v)}>
          <div className={classes.form}>
            <Radio value="IS" label="They log in with it" />
            <Radio value="OWNS" label="They answer for it: a service account" />
          </div>
        </Radio.Group>
        <p className="ag-soft">A mapping made here wins over automatic ones and survives imports.</p>
        {error && <p className={classes.problem} role="alert">{messageOf(error)}</p>}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={fetching} disabled={!toOwner && !employeeId}>Map {many}</Button>
        </div>
      </form>
    </Modal>
  );
}
