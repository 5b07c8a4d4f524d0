import { Kbd, Loader, Modal, TextInput, useMantineColorScheme } from '@mantine/core';
import { useMemo, useState } from 'react';
import { messageOf } from '@/api/errors';
import { session, useSession } from '@/api/session';
import { Icon } from '@/components/icons';
import { usePages } from '../Nav';
import { schemes } from '../ThemeSwitch';
import { OptionList } from './OptionList';
import { matches, type Option } from './options';
import classes from './Search.module.css';
import { useChoose } from './useChoose';
import { useCombobox } from './useCombobox';
import { useEntitySearch } from './useEntitySearch';

/** What can be done from anywhere. */
function useActions(): Option[] {
  const { setColorScheme } = useMantineColorScheme();
  const { open } = useSession();
  return useMemo(() => {
    const group = 'Actions';
    const actions: Option[] = schemes.map((s) => ({
      id: `theme ${s.value}`, group, icon: s.icon, label: `Theme: ${s.label.toLowerCase()}`, run: () => setColorScheme(s.value),
    }));
    actions.push({ id: 'copy link', group, icon: 'link', label: 'Copy the link to this page', run: () => void navigator.clipboard?.writeText(window.location.href).catch(() => undefined) });
    if (!open) actions.push({ id: 'sign out', group, icon: 'signOut', label: 'Sign out', run: () => void session.signOut() });
    return actions;
  }, [open, setColorScheme]);
}

function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const pages = usePages();
  const actions = useActions();
  const search = useEntitySearch(text);
  const options = useMemo(() => {
    const places = pages.filter((p) => p.nav).map((p): Option => ({ id: `page ${p.path}`, group: 'Pages', label: p.title, icon: p.nav!.icon, to: p.path }));
    const wanted = [...places, ...actions].filter((o) => matches(o.label, text));
    return [...wanted, ...search.options];
  }, [pages, actions, search.options, text]);
  const choose = useChoose(onClose);
  const box = useCombobox({ options, open: true, onChoose: choose, onClose, first: true });
  return (
    <>
      <TextInput {...box.field} data-autofocus size="md" variant="unstyled" classNames={{ input: classes.paletteField!, wrapper: classes.paletteWrap! }}
        aria-label="Search pages, actions and entities" placeholder="Go to, do or find…" value={text} onChange={(e) => setText(e.currentTarget.value)}
        leftSection={<Icon name="search" size={16} />} rightSection={search.busy ? <Loader size={14} /> : null} />
      <div>
        <OptionList label="Pages, actions and entities" options={options} box={box} onChoose={choose} />
        {options.length === 0 && !search.busy && <p className={classes.say}>Nothing has this name.</p>}
        {search.error && <p className={classes.say} role="alert">{messageOf(search.error)}</p>}
      </div>
      <p className={classes.keys} aria-hidden="true"><span><Kbd size="xs">↑</Kbd> <Kbd size="xs">↓</Kbd> move</span><span><Kbd size="xs">Enter</Kbd> choose</span><span><Kbd size="xs">Esc</Kbd> close</span></p>
    </>
  );
}

/** Pages, actions and entities by keyboard, from anywhere: Ctrl or Cmd + K. */
export function CommandPalette({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={560} yOffset="12vh" transitionProps={{ duration: 0 }}>
      <Modal.Overlay />
      <Modal.Content aria-label="Commands">
        <Palette onClose={onClose} />
      </Modal.Content>
    </Modal.Root>
  );
}
