import { useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import type { EntityFilter } from '@/gql/schema';
import { load, type Drawing } from './load';

interface State {
  drawing: Drawing | null;
  error?: unknown;
  fetching: boolean;
}

/** The drawing that a question asks for. drawing is null while it is fetched, and where there is no such entity. */
export function useDrawing(from: string, to: string, filter: EntityFilter, asOf: string | undefined): State & { retry: () => void } {
  const client = useClient();
  const [state, setState] = useState<State>({ drawing: null, fetching: true });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let gone = false;
    setState({ drawing: null, fetching: true });
    load(client, { from, to, filter, asOf }).then(
      (drawing) => !gone && setState({ drawing, fetching: false }),
      (error: unknown) => !gone && setState({ drawing: null, error, fetching: false }),
    );
    return () => {
      gone = true;
    };
  }, [client, from, to, filter, asOf, round]);
  return { ...state, retry: useCallback(() => setRound((n) => n + 1), []) };
}
