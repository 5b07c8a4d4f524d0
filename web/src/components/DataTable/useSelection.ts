import { useRef } from 'react';
import type { Selection } from './types';

export const noSelection: Selection = new Set();

/** Changes a selection over the keys of the rows that are loaded, in order. */
export function useSelection(keys: readonly string[], selection: Selection | undefined, onSelection?: (s: Selection) => void) {
  const anchor = useRef<string | null>(null);
  if (!selection || !onSelection) return null;
  const select = (index: number, extend: boolean) => {
    const key = keys[index];
    if (key === undefined) return;
    const next = new Set(selection);
    const from = extend && anchor.current !== null ? keys.indexOf(anchor.current) : -1;
    if (from >= 0) {
      for (let i = Math.min(from, index); i <= Math.max(from, index); i++) next.add(keys[i]!);
    } else {
      if (!next.delete(key)) next.add(key);
      anchor.current = key;
    }
    onSelection(next);
  };
  const loaded = keys.filter((k) => selection.has(k)).length;
  const all = keys.length > 0 && loaded === keys.length;
  return {
    has: (key: string) => selection.has(key),
    select,
    all,
    some: loaded > 0 && !all,
    size: selection.size,
    selectAll: () => onSelection(new Set([...selection, ...keys])),
    clear: () => onSelection(noSelection),
    toggleAll: () => onSelection(all ? noSelection : new Set([...selection, ...keys])),
  };
}
