import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useMutation } from 'urql';
import { messageOf } from '@/api/errors';
import type { SavedFilterBriefFragment } from '@/gql/graphql';
import { RenameSavedFilter } from './documents';
import classes from './SavedFilters.module.css';

export interface DialogProps {
  saved: SavedFilterBriefFragment;
  onClose: () => void;
  onDone: () => void;
}

/** Asks for another name. */
export function RenameDialog({ saved, onClose, onDone }: DialogProps) {
  const [name, setName] = useState(saved.name);
  const [refused, setRefused] = useState('');
  const [{ fetching }, rename] = useMutation(RenameSavedFilter);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (!name.trim()) {
      setRefused('Give it a name.');
      return;
    }
    const answer = await rename({ id: saved.id, name: name.trim(), revision: saved.revision });
    if (answer.error) setRefused(messageOf(answer.error));
    else onDone();
  };
  return (
    <Modal opened onClose={onClose} title={`Rename “${saved.name}”`}>
      <form className={classes.form} onSubmit={(e) => void submit(e)}>
        <TextInput label="Name" value={name} data-autofocus autoComplete="off" error={refused || undefined} onChange={(e) => { setName(e.currentTarget.value); setRefused(''); }} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={fetching}>Rename</Button>
        </div>
      </form>
    </Modal>
  );
}
