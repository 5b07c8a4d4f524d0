// Who reaches what, how, since when, and what would end it.
import assert from 'node:assert/strict';
import { assertAccessible, finish, tabTo } from '../journey.mjs';

const heading = (page, name) => page.getByRole('heading', { level: 1, name });
const about = (page) => page.getByRole('region', { name: 'About this access' });
const between = (ids, more = '') => `/graph?from=${ids.bobgh}&to=${ids['infra-live']}${more}`;

export default [
  ['why can bobgh reach infra-live: search, the page, the graph, every path', async (world) => {
    const page = await world.open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('bobgh');
    await page.getByRole('option', { name: /bobgh/ }).first().click();
    await heading(page, 'bobgh').waitFor();
    const row = page.getByRole('row', { name: /infra-live/ });
    await row.getByRole('button', { name: /^admin: how bobgh has access/ }).waitFor();
    await row.getByRole('button', { name: 'Show the whole chain from bobgh to infra-live' }).click();
    await page.getByText('Platform-OnCall').first().waitFor();
    await page.goto(world.url + between(world.ids));
    await page.getByText('6 entities, 2 paths').waitFor();
    const paths = about(page).getByRole('list', { name: 'Paths' }).getByRole('listitem');
    assert.equal(await paths.count(), 2);
    assert.match(await paths.nth(0).textContent(), /bobgh.*Platform-OnCall.*Platform.*infra-live.*admin/s);
    assert.match(await paths.nth(1).textContent(), /bobgh.*Web-Team.*Engineering.*Platform.*infra-live.*admin/s);
    await finish(page);
  }],

  ['a path is chosen in the list by keyboard, and the drawing is reached by keyboard', async (world) => {
    const page = await world.open(between(world.ids));
    const path = about(page).getByRole('button', { name: /Platform-OnCall/ }).first();
    await tabTo(page, path, { limit: 120 });
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('application'), { key: 'Shift+Tab' });
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('0');
    await finish(page);
  }],

  ['the smallest change that cuts a path is found', async (world) => {
    const page = await world.open(between(world.ids));
    await page.getByRole('tab', { name: 'Cut' }).click();
    await about(page).getByRole('link', { name: /infra-live|Platform/ }).first().waitFor();
    await assertAccessible(page);
    await finish(page);
  }],

  ['what is missing for an access that there is not', async (world) => {
    const page = await world.open(`/graph?from=${world.ids.minagh}&to=${world.ids['web-shop']}`);
    await about(page).getByText('There is no access').waitFor();
    await page.getByRole('tab', { name: 'Why not' }).click();
    await about(page).getByRole('button', { name: 'Try it' }).first().waitFor();
    await finish(page);
  }],

  ['the graph asks what to draw when nothing is chosen', async (world) => {
    const page = await world.open('/graph');
    await page.getByText('What should be drawn?').waitFor();
    await assertAccessible(page);
    await finish(page);
  }],

  ['who gained access to infra-live between two moments, and by which grant', async (world) => {
    const { before, after } = world.moments;
    const targets = JSON.stringify({ ids: [world.ids['infra-live']] });
    const page = await world.open(`/compare?${new URLSearchParams({ from: before, to: after, targetFilter: targets })}`);
    const row = page.getByRole('row', { name: /^Gained.*carolgh.*infra-live/ });
    await row.waitFor();
    assert.match(await row.textContent(), /New grant.*carolgh → Platform-OnCall.*member/);
    assert.equal(await page.getByRole('row', { name: /^(Gained|Lost)/ }).count(), 1);
    await assertAccessible(page);
    await finish(page);
  }],

  ['as of an earlier moment, carolgh had no access', async (world) => {
    const page = await world.open(`/entities/${world.ids.carolgh}?asOf=${encodeURIComponent(world.moments.before)}`);
    await heading(page, 'carolgh').waitFor();
    await page.getByText('0 rows').waitFor();
    assert.equal(await page.getByRole('row', { name: /infra-live/ }).count(), 0);
    await page.goto(`${world.url}/entities/${world.ids.carolgh}`);
    await page.getByRole('row', { name: /infra-live/ }).waitFor();
    await finish(page);
  }],

  ['a resource says who reaches it, directly and through groups', async (world) => {
    const page = await world.open(`/entities/${world.ids['infra-live']}`);
    await page.getByRole('tab', { name: /^Accessible by/ }).waitFor();
    for (const name of ['bobgh', 'minagh', 'carolgh']) await page.getByRole('row', { name: new RegExp(`Identity ${name}`) }).waitFor();
    await page.getByRole('switch', { name: 'Include nested' }).click();
    await page.getByRole('row', { name: /Identity bobgh/ }).waitFor({ state: 'detached' });
    await page.getByRole('row', { name: /Connection Platform/ }).first().waitFor();
    await finish(page);
  }],

  ['the tabs of an entity, each with its own link', async (world) => {
    const page = await world.open(`/entities/${world.ids.bobgh}`);
    for (const name of ['History', 'Details']) {
      await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
      await page.waitForURL(new RegExp(`tab=${name.toLowerCase()}`));
    }
    await page.reload();
    await page.getByRole('tab', { name: /^Details/, selected: true }).waitFor();
    await page.getByRole('tabpanel').getByText('gh-2').first().waitFor();
    await finish(page);
  }],

  ['the sidebar shows an entity beside the page, and Escape closes it', async (world) => {
    const page = await world.open(`/entities/${world.ids.bobgh}`);
    await page.getByRole('button', { name: 'Show details of infra-live' }).click();
    const side = page.getByRole('complementary', { name: 'Details' });
    await side.getByText('r-3').first().waitFor();
    await page.keyboard.press('Escape');
    await side.waitFor({ state: 'detached' });
    await finish(page);
  }],

  ['an employee has the accounts of one person', async (world) => {
    const page = await world.open(`/employees/${world.ids.bob}`);
    await heading(page, /Bob Builder/).waitFor();
    await page.getByText('bobgh').first().waitFor();
    await page.getByText('bob-vault').first().waitFor();
    await finish(page);
  }],

  ['an entity that there is not says so', async (world) => {
    const page = await world.open('/entities/e_aaaaaaaaaaaaaaaaaaaaaaaaaa');
    await page.getByText(/no such (entity|thing)|may have been removed/i).first().waitFor();
    await finish(page);
  }],
];
