import { createBrowserRouter, type RouteObject } from 'react-router';
import { LoadingState } from '@/components/States';
import { Layout } from './Layout';
import { NotFound, RouteError } from './NotFound';
import { pages } from './routes';

/** The router over the explicit list of pages; each page's script is loaded when it is first opened. */
export function makeRouter() {
  const children: RouteObject[] = pages.map(({ path, lazy }) => ({ path, lazy, ErrorBoundary: RouteError }));
  return createBrowserRouter([
    {
      Component: Layout,
      ErrorBoundary: RouteError,
      HydrateFallback: Waiting,
      children: [...children, { path: '*', Component: NotFound }],
    },
  ]);
}

function Waiting() {
  return <LoadingState />;
}
