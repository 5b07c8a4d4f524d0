import { useEffect, useRef, useState, type KeyboardEvent } from 'react';

interface Options {
  /** How many rows there are. */
  count: number;
  /** How many rows a page up or down goes. */
  page: () => number;
  /** Brings a row into view, so that it exists. */
  scrollTo: (index: number) => void;
  /** The element of a row that is in view. */
  element: (index: number) => HTMLElement | null;
  open?: (index: number) => void;
  /** Toggles one row, or extends the selection to it. */
  select?: (index: number, extend: boolean) => void;
  selectAll?: () => void;
  clear?: () => void;
}

// What takes these keys for itself when it has the focus.
const takesKeys = 'a, button, input, select, textarea, [role="menuitem"], [contenteditable]';

/** The one row of a table that the keyboard is at: arrows, Page and Home/End move it, Enter opens, Space selects. */
export function useRowFocus(o: Options) {
  const [active, setActive] = useState(0);
  const wanted = useRef(false);
  const index = Math.min(active, Math.max(0, o.count - 1));

  // A row far away exists only after it was scrolled to.
  useEffect(() => {
    if (!wanted.current) return;
    const row = o.element(index);
    if (row && document.activeElement !== row) row.focus({ preventScroll: true });
    if (row) wanted.current = false;
  });

  const move = (to: number) => {
    const next = Math.min(o.count - 1, Math.max(0, to));
    if (next < 0) return;
    wanted.current = true;
    o.scrollTo(next);
    setActive(next);
  };

  const onKeyDown = (e: KeyboardEvent) => {
    const target = e.target as HTMLElement;
    const onRow = !target.closest(takesKeys);
    const steps: Record<string, number> = { ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + o.page(), PageUp: index - o.page(), Home: 0, End: o.count - 1 };
    const to = steps[e.key];
    if (to !== undefined && (onRow || e.key === 'ArrowDown' || e.key === 'ArrowUp')) {
      e.preventDefault();
      if (e.shiftKey && o.select && Math.abs(to - index) === 1 && to >= 0 && to < o.count) o.select(to, true);
      move(to);
    } else if (!onRow || o.count === 0) {
      return;
    } else if (e.key === 'Enter' && o.open) {
      e.preventDefault();
      o.open(index);
    } else if (e.key === ' ' && o.select) {
      e.preventDefault();
      o.select(index, e.shiftKey);
    } else if (e.key === 'a' && (e.ctrlKey || e.metaKey) && o.selectAll) {
      e.preventDefault();
      o.selectAll();
    } else if (e.key === 'Escape' && o.clear) {
      o.clear();
    }
  };
  return { active: index, setActive, onKeyDown };
}
