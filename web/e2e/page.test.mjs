// The first page as people use it: on demo data, with mouse and keyboard, wide and narrow.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { launch } from './browser.mjs';
import { serve } from './server.mjs';

// ACCESSGRAPH_SCREENSHOTS keeps a picture of every view in that folder.
const pictures = process.env.ACCESSGRAPH_SCREENSHOTS;
const sizes = { wide: { width: 1280, height: 900 }, narrow: { width: 390, height: 844 } };

let server;
let browser;
let someone; // an account with a path through several groups to a resource

before(async () => {
  server = await serve({ before: [['demo', '--employees', '120', '--seed', '7']] });
  browser = await launch();
  const data = await ask(`{ entities(first: 1, filter: {type: [IDENTITY], having: [{entity: {name: {eq: "orders-db"}}, reach: EFFECTIVE}]}) {
    edges { node { id name hasAccessTo(filter: {name: {eq: "orders-db"}}) { edges { node { id } } } } } } }`);
  const { node } = data.entities.edges[0];
  someone = { id: node.id, name: node.name, target: node.hasAccessTo.edges[0].node.id };
});

after(async () => {
  await browser?.close();
  await server?.stop();
});

async function ask(query) {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ query }),
  });
  const { data, errors } = await response.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

async function open(size, path = '/') {
  const context = await browser.newContext({ viewport: sizes[size] });
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  page.on('request', (request) => request.url().startsWith(server.url) || faults.push(`asked elsewhere: ${request.url()}`));
  await page.goto(server.url + path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  page.faults = faults;
  return page;
}

async function check(page, name) {
  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter((v) => ['serious', 'critical'].includes(v.impact));
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' ')}`), []);
  assert.deepEqual(page.faults, []);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
}

const views = () => ({
  home: '/',
  list: '/?list=terminated',
  filter: `/?${new URLSearchParams({ filter: JSON.stringify({ neverActive: true, type: ['IDENTITY'] }), title: 'Never active' })}`,
  search: '/?q=order',
  entity: `/?entity=${someone.id}`,
  reached: `/?entity=${someone.target}&view=by`,
  paths: `/?from=${someone.id}&to=${someone.target}`,
  nothing: '/?q=no-such-thing-anywhere',
  missing: '/?entity=e_missing',
});

for (const size of Object.keys(sizes)) {
  for (const name of ['home', 'list', 'filter', 'search', 'entity', 'reached', 'paths', 'nothing', 'missing']) {
    test(`${name} is accessible and fits a ${size} screen`, async () => {
      const page = await open(size, views()[name]);
      await check(page, `${name}-${size}`);
      await page.context().close();
    });
  }
}

test('a newcomer searches, opens an account, and sees the path drawn, by keyboard alone', async () => {
  const page = await open('wide');
  await page.keyboard.press('Tab'); // skip link
  await page.keyboard.press('Tab'); // brand
  await page.keyboard.press('Tab'); // search box
  await page.keyboard.type(someone.name);
  await page.keyboard.press('Enter');
  const found = page.locator(`main a[href="?entity=${someone.id}"]`);
  await found.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: someone.name }).waitFor();
  const path = page.getByRole('link', { name: /Show the path to orders-db/ }).first();
  await path.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: /shortest first/ }).waitFor();
  assert.ok((await page.locator('.drawing svg rect').count()) >= 3, 'the drawing has the account, a group and the resource');
  assert.match(await page.locator('ol.paths li').first().textContent(), /→ orders-db/);
  await page.goBack();
  await page.getByRole('heading', { level: 1, name: someone.name }).waitFor();
  assert.deepEqual(page.faults, []);
});

test('what the page shows is what the API answers', async () => {
  const data = await ask(`{ entities(filter: {type: [IDENTITY], status: [ACTIVE], employeeState: [TERMINATED]}) { totalCount } }`);
  const page = await open('wide', '/?list=terminated');
  await page.getByText(`${data.entities.totalCount.toLocaleString('en-US')} found`).waitFor();
});

test('a server that stops answering is said plainly, and can be tried again', async () => {
  const page = await open('wide', '/?list=identities');
  await page.route('**/graphql', (route) => route.abort());
  await page.getByRole('searchbox').fill('x');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('does not answer').waitFor();
  await page.unroute('**/graphql');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('found').waitFor();
});

test('GraphiQL opens with example queries', async () => {
  const page = await open('wide', '/').then(async (p) => {
    await p.getByRole('link', { name: 'GraphiQL' }).click();
    return p;
  });
  await page.locator('.graphiql-container').waitFor();
  await page.getByText('entities', { exact: false }).first().waitFor();
});
