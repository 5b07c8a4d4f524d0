import { useEffect, useId, useState, type KeyboardEvent } from 'react';
import type { Option } from './options';

interface Settings {
  options: readonly Option[];
  open: boolean;
  onChoose: (option: Option, event: { newTab: boolean }) => void;
  onClose: () => void;
  /** The first option is the active one from the beginning. */
  first?: boolean;
}

/** A field over a list of options: the pattern "combobox" of ARIA. The focus stays in the field. */
export function useCombobox({ options, open, onChoose, onClose, first = false }: Settings) {
  const listId = useId();
  const [active, setActive] = useState(first ? 0 : -1);
  const signature = options.map((o) => o.id).join('\n');
  useEffect(() => setActive(first ? 0 : -1), [signature, first]);
  const optionId = (i: number) => `${listId}-${i}`;

  const to = (i: number) => {
    setActive(i);
    document.getElementById(optionId(i))?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (e: KeyboardEvent<HTMLInputElement>) => {
    const n = options.length;
    if (e.key === 'ArrowDown' && n > 0) {
      e.preventDefault();
      to((active + 1) % n);
    } else if (e.key === 'ArrowUp' && n > 0) {
      e.preventDefault();
      to(active <= 0 ? n - 1 : active - 1);
    } else if (e.key === 'Enter') {
      const option = options[active] ?? options[0];
      if (!option) return;
      e.preventDefault();
      onChoose(option, { newTab: e.ctrlKey || e.metaKey });
    } else if (e.key === 'Escape') {
      onClose();
    }
  };
  return {
    active, setActive, listId, optionId,
    field: {
      role: 'combobox', autoComplete: 'off', spellCheck: false, onKeyDown,
      'aria-expanded': open, 'aria-haspopup': 'listbox' as const, 'aria-autocomplete': 'list' as const,
      ...(open ? { 'aria-controls': listId } : {}),
      ...(open && active >= 0 ? { 'aria-activedescendant': optionId(active) } : {}),
    },
  };
}

export type Combobox = ReturnType<typeof useCombobox>;
