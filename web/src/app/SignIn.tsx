import { Button, PasswordInput } from '@mantine/core';
import { useEffect, useState, type FormEvent } from 'react';
import { messageOf } from '@/api/errors';
import { session, useSession } from '@/api/session';
import { CopyButton } from '@/components/Copy';
import { Brand } from './Brand';
import { ThemeSwitch } from './ThemeSwitch';
import classes from './SignIn.module.css';

const command = 'accessgraph apikey create --name me --role administrator';

/** The way in: an API key is exchanged for a session and then forgotten. */
export function SignIn() {
  const { expired } = useSession();
  const [key, setKey] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState('');
  useEffect(() => {
    document.title = 'Sign in · accessgraph';
  }, []);
  const submit = async (e: FormEvent) => {
    e.preventDefault();
    if (!key.trim()) {
      setRefused('Give an API key.');
      return;
    }
    setBusy(true);
    try {
      await session.signIn(key.trim());
    } catch (error) {
      setRefused(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <div className={classes.screen}>
      <main className={classes.card}>
        <div className={classes.top}><Brand /><ThemeSwitch /></div>
        <h1 className={classes.title}>Sign in</h1>
        {expired && <p className={classes.note} role="status">Your session has ended. Sign in again to go on where you were.</p>}
        <form className={classes.form} onSubmit={(e) => void submit(e)}>
          <PasswordInput label="API key" description="It is exchanged for a session and not kept in the browser."
            value={key} onChange={(e) => { setKey(e.currentTarget.value); setRefused(''); }} error={refused || undefined}
            autoComplete="off" spellCheck={false} data-autofocus size="md"
            visibilityToggleButtonProps={{ 'aria-label': 'Show the key', 'aria-hidden': false, tabIndex: 0 }} />
          <Button type="submit" size="md" loading={busy} fullWidth>Sign in</Button>
        </form>
        <details className={classes.how}>
          <summary>Where do I get a key?</summary>
          <p>From an administrator, or where the server runs:</p>
          <div className={classes.command}><code>{command}</code><CopyButton text={command} label="Copy the command" iconOnly /></div>
        </details>
      </main>
    </div>
  );
}
