import { useEffect, useMemo } from 'react';
import { RouterProvider } from 'react-router/dom';
import { Provider } from 'urql';
import { makeClient } from '@/api/client';
import { session, useSession } from '@/api/session';
import { ErrorState, LoadingState } from '@/components/States';
import { ErrorBoundary } from './ErrorBoundary';
import { SignIn } from './SignIn';
import { makeRouter } from './router';

/** The explorer: finds out who is here, and shows them the pages or the way in. */
export function App() {
  const { phase, error, me } = useSession();
  useEffect(() => {
    if (session.get().phase === 'asking') void session.ask();
  }, []);
  return (
    <ErrorBoundary>
      {phase === 'asking' && <LoadingState label="Starting" />}
      {phase === 'failed' && <ErrorState error={error} retry={() => void session.ask()} />}
      {phase === 'out' && <SignIn />}
      {phase === 'in' && <Inside key={me?.id} />}
    </ErrorBoundary>
  );
}

// Made anew for each who signs in: nothing that one was answered is shown to another.
function Inside() {
  const client = useMemo(() => makeClient(), []);
  const router = useMemo(() => makeRouter(), []);
  useEffect(() => () => router.dispose(), [router]);
  return (
    <Provider value={client}>
      <RouterProvider router={router} />
    </Provider>
  );
}
