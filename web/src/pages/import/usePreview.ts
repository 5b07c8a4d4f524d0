import { useCallback, useEffect, useState } from 'react';
import { upload } from '@/api/upload';
import { useDebounced } from '@/hooks/useDebounced';
import type { Kind } from './kinds';
import { previewBytes, previewPath, type Choices, type Preview } from './preview';

export interface PreviewState {
  preview: Preview | null;
  error: unknown;
  /** What is shown was answered to older choices. */
  loading: boolean;
  retry: () => void;
}

/** What the server makes of the beginning of a file, asked again when the choices change. */
export function usePreview(kind: Kind, file: File | null, choices: Choices): PreviewState {
  const [state, setState] = useState<{ path: string; file: File; preview: Preview | null; error: unknown } | null>(null);
  const [tries, setTries] = useState(0);
  const path = file ? previewPath(kind, file.size > previewBytes, choices) : '';
  const settled = useDebounced(path, 250); // the integration is typed
  useEffect(() => {
    if (!file || !settled) return undefined;
    const stop = new AbortController();
    upload<Preview>(settled, file.slice(0, previewBytes), [200], { signal: stop.signal }).then(
      ({ body }) => setState({ path: settled, file, preview: body, error: null }),
      (error: unknown) => {
        if (!stop.signal.aborted) setState((old) => ({ path: settled, file, preview: old?.file === file ? old.preview : null, error }));
      },
    );
    return () => stop.abort();
  }, [settled, file, tries]);
  const retry = useCallback(() => setTries((n) => n + 1), []);
  const mine = state && state.file === file ? state : null;
  return { preview: mine?.preview ?? null, error: mine?.error ?? null, loading: file !== null && mine?.path !== path, retry };
}
