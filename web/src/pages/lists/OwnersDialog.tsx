import { Button, Modal, Radio } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { messageOf } from '@/api/errors';
import { EmployeePicker, EmployeesPicker } from '@/components/EmployeePicker';
import { SetBusinessOwners } from './documents';
import classes from './Lists.module.css';
import type { DialogProps } from './MapDialog';

type How = 'choose' | 'app' | 'nobody';

/** Says who answers for the chosen connections or resources. */
export function OwnersDialog({ ids, onClose, onDone, noun }: DialogProps & { noun: string }) {
  const [how, setHow] = useState<How>('choose');
  const [primary, setPrimary] = useState<string | null>(null);
  const [secondaries, setSecondaries] = useState<string[]>([]);
  const [{ fetching, error }, set] = useMutation(SetBusinessOwners);
  const submit = async () => {
    const owners = how === 'choose' ? { primary, secondaries: secondaries.filter((s) => s !== primary) } : {};
    const { data } = await set({ input: { entityIds: ids, ...(how === 'app' ? { toAppOwners: true } : { owners }) } });
    if (data) onDone();
  };
  return (
    <Modal opened onClose={onClose} title={`Business owners of ${ids.length.toLocaleString('en-US')} ${noun}`}>
      <form className={classes.form} onSubmit={(e) => { e.preventDefault(); void submit(); }}>
        <Radio.Group label="Who answers for them" value={how} onChange={(v) => setHow(v)}>
          <div className={classes.form}>
            <Radio value="choose" label="Employees" />
            <Radio value="app" label="The owners of each one’s integration" />
            <Radio value="nobody" label="Nobody: take the owners away" />
          </div>
        </Radio.Group>
        {how === 'choose' && (
          <>
            <EmployeePicker label="Primary owner" value={primary} onChange={setPrimary} />
            <EmployeesPicker label="Secondary owners" value={secondaries} onChange={setSecondaries} />
          </>
        )}
        {error && <p className={classes.problem} role="alert">{messageOf(error)}</p>}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={fetching} disabled={how === 'choose' && !primary}>Save</Button>
        </div>
      </form>
    </Modal>
  );
}
