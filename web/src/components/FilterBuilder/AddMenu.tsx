import { Button, Combobox, useCombobox } from '@mantine/core';
import { useState, type Ref } from 'react';
import { Icon } from '@/components/icons';
import { combinations, connections } from './add';
import classes from './FilterBuilder.module.css';
import { fields } from './fields';

interface Choice {
  value: string;
  label: string;
  hint: string;
  group: string;
}

const all: Choice[] = [
  ...fields.map((f) => ({ value: f.name, label: f.label, hint: f.hint ?? '', group: f.group })),
  ...connections.map(([value, label, hint]) => ({ value, label, hint, group: 'How it is connected' })),
  ...combinations.map(([value, label, hint]) => ({ value, label, hint, group: 'Combine conditions' })),
];
const groups = [...new Set(all.map((c) => c.group))];

export interface AddMenuProps {
  label: string;
  /** What is in the group already: each field is there once. */
  used: ReadonlySet<string>;
  onAdd: (choice: string) => void;
  ref?: Ref<HTMLButtonElement>;
}

/** The button that adds a condition: a list of every field, grouped, with a search. */
export function AddMenu({ label, used, onAdd, ref }: AddMenuProps) {
  const [text, setText] = useState('');
  const store = useCombobox({
    onDropdownOpen: () => store.focusSearchInput(),
    onDropdownClose: () => { store.resetSelectedOption(); setText(''); },
  });
  const asked = text.trim().toLowerCase();
  const shown = all.filter((c) => !used.has(c.value) && `${c.label} ${c.hint} ${c.value} ${c.group}`.toLowerCase().includes(asked));
  return (
    <Combobox store={store} width={340} position="bottom-start" shadow="md" onOptionSubmit={(value) => { store.closeDropdown(); onAdd(value); }}>
      <Combobox.Target withAriaAttributes={false}>
        <Button ref={ref} variant="default" size="xs" leftSection={<Icon name="plus" size={15} />} aria-haspopup="listbox" aria-expanded={store.dropdownOpened}
          onClick={() => store.toggleDropdown()}>{label}</Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search value={text} aria-label="Find a field" placeholder="Find a field"
          onChange={(e) => { setText(e.currentTarget.value); queueMicrotask(() => store.selectFirstOption()); }} />
        <Combobox.Options className={classes.menu} aria-label="Conditions" tabIndex={0}>
          {groups.map((g) => {
            const inside = shown.filter((c) => c.group === g);
            return inside.length > 0 && (
              <Combobox.Group key={g} label={g}>
                {inside.map((c) => (
                  <Combobox.Option key={c.value} value={c.value}>
                    <span className={classes.choice}>{c.label}</span>
                    {c.hint && <span className={classes.choiceHint}>{c.hint}</span>}
                  </Combobox.Option>
                ))}
              </Combobox.Group>
            );
          })}
          {shown.length === 0 && <Combobox.Empty>No field of this name</Combobox.Empty>}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
