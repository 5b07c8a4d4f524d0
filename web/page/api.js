// The page asks the same API as everybody else: one GraphQL endpoint.

const storedKey = 'accessgraph.key';

export class AskError extends Error {
  constructor(message, code) {
    super(message);
    this.code = code;
  }
}

// askForKey shows the dialog and waits for a key.
function askForKey() {
  const dialog = document.getElementById('key');
  return new Promise((resolve, reject) => {
    dialog.addEventListener('close', () => {
      const key = document.getElementById('key-input').value.trim();
      document.getElementById('key-input').value = '';
      if (dialog.returnValue === 'ok' && key) {
        sessionStorage.setItem(storedKey, key);
        resolve();
      } else {
        reject(new AskError('No API key was given.', 'UNAUTHENTICATED'));
      }
    }, { once: true });
    dialog.showModal();
  });
}

// ask runs one query and returns its data; errors carry the API's code.
export async function ask(query, variables, signal) {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/graphql-response+json, application/json' };
  const key = sessionStorage.getItem(storedKey);
  if (key) headers.Authorization = `Bearer ${key}`;
  let response;
  try {
    response = await fetch('graphql', { method: 'POST', headers, body: JSON.stringify({ query, variables }), signal });
  } catch (err) {
    if (err.name === 'AbortError') throw err;
    throw new AskError('The server does not answer. Is it still running?', 'UNAVAILABLE');
  }
  let body;
  try {
    body = await response.json();
  } catch {
    throw new AskError(`The server answered ${response.status} without an explanation.`, 'INTERNAL');
  }
  const first = body.errors?.[0];
  if (first?.extensions?.code === 'UNAUTHENTICATED' || response.status === 401) {
    sessionStorage.removeItem(storedKey);
    await askForKey();
    return ask(query, variables, signal);
  }
  if (first) throw new AskError(first.message, first.extensions?.code ?? 'INTERNAL');
  const by = body.extensions?.accessgraph;
  if (by) document.getElementById('answered').textContent = `Answered by the ${by.engine} engine for graph version ${by.graphVersion}.`;
  return body.data;
}

const brief = 'id name type sourceType status integration { name } employee { fullName workEmail }';

export const totalsQuery = '{ entityFacets(by: [TYPE, IDENTITY_TYPE]) { field buckets { value count } } }';

// What only those who see everything may ask.
export const postureQuery = `{
  dataQuality { message count filter entities { id name } }
  integrations { id name application { name } overview { topResources(first: 1) { count entity { id name } } topConnections(first: 1) { count entity { id name } } } }
}`;

export const listQuery = `query List($search: String, $filter: EntityFilter, $after: String) {
  entities(search: $search, filter: $filter, first: 50, after: $after) {
    totalCount pageInfo { hasNextPage endCursor } edges { node { ${brief} } }
  }
}`;

export const entityQuery = (field) => `query Entity($id: ID!, $reach: Reach!, $after: String) {
  entity(id: $id) {
    ${brief} sourceId project username email mfaEnabled lastLoginTime identityType
    list: ${field}(reach: $reach, first: 50, after: $after) {
      totalCount pageInfo { hasNextPage endCursor }
      edges { direct permissions { name value } providers { id name } node { ${brief} } }
    }
  }
}`;

export const pathsQuery = `query Paths($from: ID!, $to: ID!) {
  from: entity(id: $from) { ${brief} }
  to: entity(id: $to) { ${brief} }
  accessPaths(from: $from, to: $to) {
    truncated
    paths { length steps { permissions { name value } from { ${brief} } to { ${brief} } } }
  }
}`;
