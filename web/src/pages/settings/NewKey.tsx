import { Button, Group, Modal, NumberInput, Select, TextInput } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useMutation } from 'urql';
import { messageOf } from '@/api/errors';
import { CopyButton } from '@/components/Copy';
import type { ProductRole } from '@/gql/schema';
import { CreateKey } from './documents';
import { roleLabels } from './roles';
import classes from './Settings.module.css';

const roles = Object.entries(roleLabels).map(([value, label]) => ({ value, label }));

/** Makes an API key and shows its token, which the server shows this once. */
export function NewKey({ onClose, onMade }: { onClose: () => void; onMade: () => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<ProductRole>('REVIEWER');
  const [days, setDays] = useState<number | string>(90);
  const [token, setToken] = useState<string | null>(null);
  const [{ fetching, error }, create] = useMutation(CreateKey);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    const { data } = await create({ input: { name: name.trim(), role, expiresInDays: Number(days) } });
    if (!data) return;
    setToken(data.createApiKey.token);
    onMade();
  };
  if (token !== null) {
    return (
      <Modal opened onClose={onClose} title="The key is made" closeOnClickOutside={false}>
        <div className={classes.stack}>
          <p>Copy the token now: it is shown only this once.</p>
          <code className={classes.token}>{token}</code>
          <Group justify="flex-end">
            <CopyButton text={token} label="Copy the token" />
            <Button onClick={onClose}>I have it</Button>
          </Group>
        </div>
      </Modal>
    );
  }
  return (
    <Modal opened onClose={onClose} title="New API key">
      <form className={classes.stack} onSubmit={(e) => void submit(e)}>
        <TextInput label="Name" description="Who or what uses it" required maxLength={200} data-autofocus value={name} onChange={(e) => setName(e.currentTarget.value)} />
        <Select label="Role" data={roles} value={role} allowDeselect={false} onChange={(v) => v && setRole(v as ProductRole)} />
        <NumberInput label="Valid for (days)" min={1} max={732} allowDecimal={false} required value={days} onChange={setDays} />
        {error && <p className={classes.bad} role="alert">{messageOf(error)}</p>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button type="submit" loading={fetching} disabled={name.trim() === '' || days === ''}>Make the key</Button>
        </Group>
      </form>
    </Modal>
  );
}
