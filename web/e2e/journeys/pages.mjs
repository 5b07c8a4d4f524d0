// Pages, light and dark, wide and narrow: axe finds nothing serious, nothing is cut off sideways.
import { assertAccessible, finish, settled } from '../journey.mjs';

/** The pages by name; also those of scripts/screenshots. */
export const pages = {
  summary: () => '/',
  applications: () => '/applications',
  identities: () => '/identities',
  connections: () => '/connections',
  resources: () => '/resources',
  employees: () => '/employees',
  entity: ({ ids }) => `/entities/${ids.bobgh}`,
  resource: ({ ids }) => `/entities/${ids['infra-live']}`,
  integration: ({ ids }) => `/integrations/${ids.integration}`,
  employee: ({ ids }) => `/employees/${ids.bob}`,
  graph: ({ ids }) => `/graph?from=${ids.bobgh}&to=${ids['infra-live']}`,
  filters: () => `/filters?filter=${encodeURIComponent(JSON.stringify({ type: ['IDENTITY'], department: { eq: 'Sales' } }))}`,
  'saved-filters': () => '/saved-filters',
  compare: ({ moments }) => `/compare?${new URLSearchParams({ from: moments.before, to: moments.after })}`,
  query: () => '/query',
  import: () => '/import',
  jobs: () => '/jobs',
  settings: () => '/settings',
};

const checked = ['summary', 'applications', 'identities', 'connections', 'resources', 'employees', 'entity', 'resource'];

export default checked.map((name) => [name, pages[name]]).map(([name, path]) => [
  `${name} is accessible, light and dark, wide and narrow`,
  async (world) => {
    await Promise.all([['wide', 'light'], ['wide', 'dark'], ['narrow', 'light'], ['narrow', 'dark']].map(async ([size, scheme]) => {
      const page = await world.open(path(world), { size, scheme });
      await settled(page);
      await assertAccessible(page).catch((error) => {
        throw new Error(`${size}, ${scheme}: ${error.message}`);
      });
      await finish(page);
    }));
  },
]);
