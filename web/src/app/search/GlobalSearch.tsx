import { Kbd, Loader, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { useRef, useState } from 'react';
import { messageOf } from '@/api/errors';
import { Icon } from '@/components/icons';
import { OptionList } from './OptionList';
import classes from './Search.module.css';
import { useChoose } from './useChoose';
import { useCombobox } from './useCombobox';
import { useEntitySearch } from './useEntitySearch';

/** The search in the head of every page; the key / goes to it. */
export function GlobalSearch() {
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [focused, setFocused] = useState(false);
  const open = focused && text.trim() !== '';
  const { options, error, busy, text: asked } = useEntitySearch(text, !focused);
  const close = () => {
    setText('');
    setFocused(false);
  };
  const choose = useChoose(() => {
    close();
    input.current?.blur();
  });
  const box = useCombobox({ options, open, onChoose: choose, onClose: close });
  useHotkeys([['/', () => input.current?.focus()]]);
  const none = !busy && !error && options.length === 0 && asked !== '';
  return (
    <search className={classes.search}>
      <TextInput ref={input} {...box.field} aria-label="Search" placeholder="Search accounts, groups, resources, people" value={text}
        onChange={(e) => { setText(e.currentTarget.value); setFocused(true); }} onFocus={() => setFocused(true)} onBlur={() => setFocused(false)}
        leftSection={<Icon name="search" size={16} />} rightSection={busy ? <Loader size={14} /> : <Kbd size="xs" aria-hidden="true">/</Kbd>} />
      {open && (
        <div className={classes.drop}>
          <OptionList label="Found" options={options} box={box} onChoose={choose} />
          {none && <p className={classes.say}>Nothing has “{asked}” in its name, username, e-mail or source id.</p>}
          {error && <p className={classes.say} role="alert">{messageOf(error)}</p>}
          {busy && options.length === 0 && <p className={classes.say}>Searching…</p>}
        </div>
      )}
      <span className="ag-hidden" role="status">{open && !busy ? `${options.length} found` : ''}</span>
    </search>
  );
}
