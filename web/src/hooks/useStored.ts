import { useCallback, useState } from 'react';

/** A choice of this browser that is kept, such as the width of a column. Never data of the company, never a secret. */
export function useStored<T>(key: string, fallback: T): [T, (value: T) => void] {
  const name = `accessgraph.${key}`;
  const [value, setValue] = useState<T>(() => {
    try {
      const text = localStorage.getItem(name);
      return text === null ? fallback : (JSON.parse(text) as T);
    } catch {
      return fallback; // storage is switched off, or holds something else
    }
  });
  const set = useCallback((next: T) => {
    setValue(next);
    try {
      localStorage.setItem(name, JSON.stringify(next));
    } catch {
      // It holds for this visit.
    }
  }, [name]);
  return [value, set];
}
