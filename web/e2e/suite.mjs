// All journeys of the explorer, on one store.
import { after, before, test } from 'node:test';
import access from './journeys/access.mjs';
import imports from './journeys/imports.mjs';
import lists from './journeys/lists.mjs';
import pages from './journeys/pages.mjs';
import shell from './journeys/shell.mjs';
import { startWorld } from './world.mjs';

const journeys = [...shell, ...lists, ...access, ...imports, ...pages];

/** Runs every journey. @param {{neo4j: boolean}} options */
export function explore(options) {
  let world;
  before(async () => {
    world = await startWorld(options);
  }, { timeout: 120_000 });
  after(() => world?.stop());
  for (const [name, journey] of journeys) test(name, { timeout: 30_000 }, () => journey(world));
}
