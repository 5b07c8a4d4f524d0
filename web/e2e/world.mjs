// The company of the explorer's journeys: the demo data, a GitHub with nested teams, and
// vaults of keys, with three keys to sign in by. See fixtures/.
import { fileURLToPath } from 'node:url';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';
import { openPage } from './journey.mjs';

/** The path of a fixture. */
export const fixture = (name) => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

const github = ['--application', 'GitHub', '--integration', 'GitHub (nested teams)'];
const vault = ['--application', 'Vault', '--integration', 'Vault'];
const key = (role, ...more) => ['apikey', 'create', '--json', '--name', `e2e ${role}`, '--role', role, ...more];

/**
 * @typedef {object} World
 * @property {string} url
 * @property {{administrator: string, reviewer: string, spare: string}} keys tokens to sign in with
 * @property {{start: string, before: string, after: string}} moments carolgh joined Platform-OnCall between before and after
 * @property {Record<string, string>} ids of what the fixtures name
 * @property {(path: string, options?: object) => Promise<import('playwright-core').Page>} open
 * @property {(query: string, variables?: object) => Promise<any>} ask
 * @property {() => Promise<void>} stop
 */

/**
 * Starts a server, fills it, and opens a browser.
 * @param {{neo4j?: boolean}} [options]
 * @returns {Promise<World>}
 */
export async function startWorld({ neo4j = false } = {}) {
  const server = await serve({
    neo4j, open: false,
    before: [
      ['demo', '--employees', '60', '--seed', '7'],
      ['import', 'employees', fixture('people.csv')],
      ['import', 'entitlements', fixture('github.csv'), ...github],
      ['import', 'entitlements', fixture('vaults.csv'), ...vault],
      key('administrator'), key('reviewer', '--employee', 'mina@e2e.example'), key('administrator'),
    ],
  });
  const [administrator, reviewer, spare] = server.said.slice(-3).map((text) => JSON.parse(text).token);
  const world = { url: server.url, keys: { administrator, reviewer, spare }, run: server.run };
  let browser;
  world.stop = async () => {
    await browser?.close();
    await server.stop();
  };
  try {
    world.ask = (query, variables = {}) => ask(server.url, administrator, query, variables);
    await change(world);
    world.ids = await identify(world);
    browser = await launch();
    world.browser = browser;
    world.sessions = new Map();
    world.open = (path, options) => openPage(world, path, options);
  } catch (error) {
    await world.stop();
    throw error;
  }
  return world;
}

async function ask(url, token, query, variables) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` }, body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

/** The second import of the nested teams: somebody joins one, between two known moments. */
async function change(world) {
  const { readFile } = await import('node:fs/promises');
  const before = new Date().toISOString();
  const response = await fetch(`${world.url}/api/v1/imports/entitlements?${new URLSearchParams({ application: 'GitHub', integration: github[3] })}`, {
    method: 'POST', headers: { Authorization: `Bearer ${world.keys.administrator}`, 'Content-Type': 'text/csv' }, body: await readFile(fixture('github-later.csv')),
  });
  if (!response.ok) throw new Error(`the second import: ${response.status} ${await response.text()}`);
  await new Promise((resolve) => setTimeout(resolve, 5)); // so that "after" is a later millisecond than the import's
  world.moments = { before, after: new Date().toISOString() };
}

const named = ['bobgh', 'carolgh', 'minagh', 'danagh', 'infra-live', 'handbook', 'web-shop', 'Platform', 'Platform-OnCall', 'Web-Team', 'Engineering', 'sal', 'sue', 'crm-prod-admins', 'customer-keys'];

async function identify(world) {
  const { entities } = await world.ask(`query ($names: [String!]) { entities(first: 100, filter: {
    integration: {in: ["GitHub (nested teams)", "Vault"]}, name: {in: $names}}) { edges { node { id name integration { id name } } } } }`, { names: named });
  const ids = Object.fromEntries(entities.edges.map(({ node }) => [node.name, node.id]));
  const lacking = named.filter((name) => !ids[name]);
  if (lacking.length > 0) throw new Error(`not imported: ${lacking.join(', ')}`);
  ids.integration = entities.edges.find(({ node }) => node.name === 'infra-live').node.integration.id;
  const { employees } = await world.ask(`{ employees(search: "Bob Builder", first: 1) { edges { node { id } } } }`);
  ids.bob = employees.edges[0].node.id;
  return ids;
}
