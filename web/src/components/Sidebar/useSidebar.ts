import { useCallback, useMemo } from 'react';
import { textCodec, useUrlState } from '@/hooks/useUrlState';

/** What the sidebar shows. */
export type Side = { kind: 'entity'; id: string } | { kind: 'relation'; source: string; target: string };

/** Reads the parameter `side`: e:<id>, or r:<source>,<target>. */
export function parseSide(text: string): Side | null {
  if (text.startsWith('e:') && text.length > 2) return { kind: 'entity', id: text.slice(2) };
  if (text.startsWith('r:')) {
    const [source, target, more] = text.slice(2).split(',');
    if (source && target && more === undefined) return { kind: 'relation', source, target };
  }
  return null;
}

/** The sidebar of the page, which lives in the URL. */
export function useSidebar() {
  const [text, set] = useUrlState('side', textCodec);
  const side = useMemo(() => parseSide(text), [text]);
  const openEntity = useCallback((id: string) => set(`e:${id}`), [set]);
  const openRelation = useCallback((source: string, target: string) => set(`r:${source},${target}`), [set]);
  const close = useCallback(() => set(''), [set]);
  return { side, openEntity, openRelation, close };
}
