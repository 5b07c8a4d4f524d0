import { useCallback, useMemo, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';

/** How a value is written into the URL. parse gets null when the parameter is missing; format gives null to leave it out. */
export interface Codec<T> {
  parse: (text: string | null) => T;
  format: (value: T) => string | null;
}

/** A text; empty = not in the URL. */
export const textCodec: Codec<string> = { parse: (t) => t ?? '', format: (v) => v || null };

/** A switch; off = not in the URL. */
export const flagCodec: Codec<boolean> = { parse: (t) => t === '1', format: (v) => (v ? '1' : null) };

/** A list of words, with commas between; null = not in the URL, which is not the same as the empty list. */
export const listCodec: Codec<string[] | null> = {
  parse: (t) => (t === null ? null : t.split(',').filter(Boolean)),
  format: (v) => (v === null ? null : v.join(',')),
};

/** One of a few words, the first of which is the default and not in the URL. */
export function choiceCodec<T extends string>(...words: [T, ...T[]]): Codec<T> {
  return {
    parse: (t) => (words.includes(t as T) ? (t as T) : words[0]),
    format: (v) => (v === words[0] ? null : v),
  };
}

/** A value as JSON; what cannot be read, or does not pass the check, is the fallback. */
export function jsonCodec<T>(fallback: T, check: (value: unknown) => value is T): Codec<T> {
  return {
    parse: (t) => {
      if (t === null) return fallback;
      try {
        const value: unknown = JSON.parse(t);
        return check(value) ? value : fallback;
      } catch {
        return fallback;
      }
    },
    format: (v) => {
      const text = JSON.stringify(v);
      return text === JSON.stringify(fallback) ? null : text;
    },
  };
}

export interface SetUrlOptions {
  /** A new entry in the history, so that Back undoes it. Left out: the present entry is replaced. */
  push?: boolean;
}

type Change = Record<string, string | null>;

// Changes made in one turn become one navigation: each alone would start from the same old
// URL and undo the one before.
let pending: { changes: Change; push: boolean } | null = null;

/** Changes several parameters of the URL at once; null removes one. Others stay. */
export function useSetParams(): (changes: Change, options?: SetUrlOptions) => void {
  const navigate = useNavigate();
  const location = useLocation();
  const latest = useRef({ navigate, location });
  latest.current = { navigate, location };
  return useCallback((changes, options) => {
    const queued = pending !== null;
    pending = { changes: { ...pending?.changes, ...changes }, push: (pending?.push ?? false) || (options?.push ?? false) };
    if (queued) return;
    queueMicrotask(() => {
      const batch = pending;
      pending = null;
      if (!batch) return;
      const now = latest.current.location;
      const params = new URLSearchParams(now.search);
      for (const [name, value] of Object.entries(batch.changes)) {
        if (value === null) params.delete(name);
        else params.set(name, value);
      }
      const search = params.size ? `?${params}` : '';
      if (search === now.search) return;
      void latest.current.navigate({ pathname: now.pathname, search, hash: now.hash }, { replace: !batch.push, preventScrollReset: true });
    });
  }, []);
}

/** A value that lives in the URL under this name, so that a link shows the same. The codec has to stay the same object. */
export function useUrlState<T>(name: string, codec: Codec<T>): [T, (value: T, options?: SetUrlOptions) => void] {
  const { search } = useLocation();
  const setParams = useSetParams();
  const text = useMemo(() => new URLSearchParams(search).get(name), [search, name]);
  const value = useMemo(() => codec.parse(text), [codec, text]);
  const set = useCallback(
    (next: T, options?: SetUrlOptions) => setParams({ [name]: codec.format(next) }, options),
    [setParams, name, codec],
  );
  return [value, set];
}
