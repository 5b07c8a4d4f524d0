import { Button, Group, Modal } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useMutation, useQuery } from 'urql';
import { messageOf } from '@/api/errors';
import { DataTable, type Column } from '@/components/DataTable';
import { Badge } from '@/components/Entity';
import { Icon } from '@/components/icons';
import { EmptyState } from '@/components/States';
import type { KeyFieldsFragment } from '@/gql/graphql';
import { ApiKeys, RevokeKey } from './documents';
import { NewKey } from './NewKey';
import { keyState, roleLabels } from './roles';
import classes from './Settings.module.css';

type Key = KeyFieldsFragment;

const rowKey = (k: Key) => k.id;
const states = { valid: { label: 'Valid', tone: 'good' }, expired: { label: 'Expired', tone: 'plain' }, revoked: { label: 'Revoked', tone: 'bad' } } as const;
const date = (text: string) => <time dateTime={text}>{new Date(text).toLocaleDateString(undefined, { dateStyle: 'medium' })}</time>;

/** The API keys: who has which, and their beginning and end. */
export function Keys() {
  const [{ data, error, fetching }, again] = useQuery({ query: ApiKeys });
  const [adding, setAdding] = useState(false);
  const [revoking, setRevoking] = useState<Key | null>(null);
  const columns = useMemo<Column<Key>[]>(() => [
    { key: 'name', header: 'Name', width: 200, grow: true, required: true, cell: (k) => <span className={classes.cut} title={k.name}>{k.name}</span> },
    { key: 'role', header: 'Role', width: 130, cell: (k) => roleLabels[k.role] },
    { key: 'state', header: 'State', width: 100, cell: (k) => { const s = states[keyState(k)]; return <Badge tone={s.tone}>{s.label}</Badge>; } },
    { key: 'employee', header: 'Acts as', width: 160, cell: (k) => k.employee?.fullName ?? <span className="ag-soft">–</span> },
    { key: 'used', header: 'Last used', width: 130, cell: (k) => (k.lastUsedAt ? date(k.lastUsedAt) : <span className="ag-soft">Never</span>) },
    { key: 'expires', header: 'Expires', width: 130, cell: (k) => date(k.expiresAt) },
    { key: 'created', header: 'Made', width: 130, hidden: true, cell: (k) => date(k.createdAt) },
    { key: 'by', header: 'Made by', width: 160, hidden: true, cell: (k) => <span className={classes.cut}>{k.createdBy}</span> },
    { key: 'id', header: 'Id', width: 200, hidden: true, cell: (k) => <code>{k.id}</code> },
    { key: 'action', header: 'Action', width: 100, cell: (k) => (keyState(k) === 'valid' ? <Button size="compact-xs" variant="default" aria-label={`Revoke ${k.name}`} onClick={() => setRevoking(k)}>Revoke</Button> : <span className="ag-soft">–</span>) },
  ], []);
  return (
    <section className={classes.panel} aria-labelledby="settings-keys">
      <div className={classes.head}>
        <h2 className={classes.heading} id="settings-keys">API keys</h2>
        <Button size="xs" leftSection={<Icon name="plus" size={15} />} onClick={() => setAdding(true)}>New key</Button>
      </div>
      <DataTable label="API keys" columns={columns} rows={data?.apiKeys ?? []} rowKey={rowKey} loading={fetching} error={error} onRetry={() => again({ requestPolicy: 'network-only' })} height="auto" storageKey="apiKeys"
        empty={<EmptyState compact icon="key" title="No API keys yet" hint="A key lets people sign in and programs use the API." />} />
      {adding && <NewKey onClose={() => setAdding(false)} onMade={() => again({ requestPolicy: 'network-only' })} />}
      {revoking && <Revoke of={revoking} onClose={() => setRevoking(null)} />}
    </section>
  );
}

function Revoke({ of, onClose }: { of: Key; onClose: () => void }) {
  const [{ fetching, error }, revoke] = useMutation(RevokeKey);
  const go = async () => {
    const answer = await revoke({ id: of.id });
    if (!answer.error) onClose();
  };
  return (
    <Modal opened onClose={onClose} title={`Revoke “${of.name}”?`}>
      <div className={classes.stack}>
        <p>Whoever uses it is refused at once, and the sessions begun with it end. This cannot be undone.</p>
        {error && <p className={classes.bad} role="alert">{messageOf(error)}</p>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Keep it</Button>
          <Button color="red" loading={fetching} onClick={() => void go()}>Revoke it</Button>
        </Group>
      </div>
    </Modal>
  );
}
