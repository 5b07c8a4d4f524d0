import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { messageOf } from '@/api/errors';
import { DeleteSavedFilter } from './documents';
import type { DialogProps } from './RenameDialog';
import classes from './SavedFilters.module.css';

/** Asks before a filter is deleted. */
export function DeleteDialog({ saved, onClose, onDone }: DialogProps) {
  const [refused, setRefused] = useState('');
  const [{ fetching }, remove] = useMutation(DeleteSavedFilter);
  const confirm = async () => {
    const answer = await remove({ id: saved.id, revision: saved.revision });
    if (answer.error) setRefused(messageOf(answer.error));
    else onDone();
  };
  return (
    <Modal opened onClose={onClose} title={`Delete “${saved.name}”?`}>
      <div className={classes.form}>
        <p>{saved.shared ? 'It goes for everybody. ' : ''}What was built on it has a copy of its own and does not change.</p>
        {refused && <p className={classes.error} role="alert">{refused}</p>}
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose} data-autofocus>Cancel</Button>
          <Button color="red" loading={fetching} onClick={() => void confirm()}>Delete</Button>
        </div>
      </div>
    </Modal>
  );
}
