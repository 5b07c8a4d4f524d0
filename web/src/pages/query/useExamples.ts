import { useEffect, useState } from 'react';
import type { Query } from './bridge';

export interface Example extends Query {
  group: string;
  title: string;
  description: string;
}

declare global {
  interface Window {
    accessgraphExamples?: (Omit<Example, 'variables'> & { variables?: string })[];
  }
}

const address = '/graphiql/examples.js';

/** The example queries, from where GraphiQL has them; missing where the server has no GraphiQL. null = not yet. */
export function useExamples(): Example[] | 'missing' | null {
  const [state, setState] = useState<Example[] | 'missing' | null>(null);
  useEffect(() => {
    let here = true;
    const done = (found: Example[] | 'missing') => {
      if (here) setState(found);
    };
    import(/* @vite-ignore */ address).then(
      () => done((window.accessgraphExamples ?? []).map((e) => ({ ...e, variables: e.variables ?? '' }))),
      () => done('missing'),
    );
    return () => void (here = false);
  }, []);
  return state;
}
