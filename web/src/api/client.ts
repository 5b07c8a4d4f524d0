import { cacheExchange, createClient, fetchExchange, makeOperation, mapExchange } from 'urql';
import { codeOf } from './errors';
import { session } from './session';
import { quietFetch } from './stream';

/**
 * The client of the one GraphQL endpoint. It authenticates by the session's cookie.
 * Subscriptions are server-sent events of the same endpoint. Answers are kept by query and
 * variables until a mutation touches a type in them.
 */
export function makeClient() {
  return createClient({
    url: '/graphql',
    preferGetMethod: false,
    fetchSubscriptions: true,
    fetch: quietFetch,
    fetchOptions: () => ({ credentials: 'same-origin', headers: session.headers() }),
    exchanges: [
      mapExchange({
        // urql would take an event stream for anything, and the server then sends one: more to
        // read than one JSON answer, and not compressed.
        onOperation(operation) {
          if (operation.kind === 'subscription') return operation;
          const fetchOptions = () => ({ credentials: 'same-origin' as const, headers: { ...session.headers(), accept: 'application/graphql-response+json, application/json' } });
          return makeOperation(operation.kind, operation, { ...operation.context, fetchOptions });
        },
        onError(error) {
          if (codeOf(error) === 'UNAUTHENTICATED') session.ended();
        },
      }),
      cacheExchange,
      fetchExchange,
    ],
  });
}
