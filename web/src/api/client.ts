import { cacheExchange, createClient, fetchExchange, mapExchange } from 'urql';
import { codeOf } from './errors';
import { session } from './session';

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
    fetchOptions: () => ({ credentials: 'same-origin', headers: session.headers() }),
    exchanges: [
      mapExchange({
        onError(error) {
          if (codeOf(error) === 'UNAUTHENTICATED') session.ended();
        },
      }),
      cacheExchange,
      fetchExchange,
    ],
  });
}
