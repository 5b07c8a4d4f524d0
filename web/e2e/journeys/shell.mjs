// The frame: the way in and out, search, commands, theme, jobs, addresses.
import assert from 'node:assert/strict';
import { assertAccessible, finish, tabTo } from '../journey.mjs';

const heading = (page, name) => page.getByRole('heading', { level: 1, name });

export default [
  ['a key is exchanged for a session, and nothing of it stays in the browser', async (world) => {
    const page = await world.open('/identities?q=bobgh', { as: null, allow: [/401/] });
    await heading(page, 'Sign in').waitFor();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Give an API key').waitFor();
    await page.getByLabel('API key').first().fill('agk_wrong.wrong');
    await page.keyboard.press('Enter');
    await page.getByText(/not valid|unknown|not right|refused|wrong|no such/i).first().waitFor();
    await assertAccessible(page);
    await page.getByLabel('API key').first().fill(world.keys.spare);
    await page.keyboard.press('Enter');
    await heading(page, 'Identities').waitFor(); // where the link led
    assert.equal(new URL(page.url()).searchParams.get('q'), 'bobgh');
    const kept = await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]));
    assert.ok(!kept.includes(world.keys.spare.split('.')[1]), 'the secret is in the storage');
    assert.ok(!kept.includes('accessgraph='), 'scripts can read the cookie of the session');
    await page.getByRole('button', { name: /^Account/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await heading(page, 'Sign in').waitFor();
    await page.reload();
    await heading(page, 'Sign in').waitFor();
    await finish(page);
  }],

  ['a session that ends says so, and one goes on where one was', async (world) => {
    const page = await world.open('/', { as: null, allow: [/401/] });
    await page.getByLabel('API key').first().fill(world.keys.spare);
    await page.keyboard.press('Enter');
    await heading(page, 'Summary').waitFor();
    const resources = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Resources' });
    await resources.click();
    await heading(page, 'Resources').waitFor();
    await page.context().clearCookies();
    // A request of the page's own may find out before the click does.
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Connections' }).click({ timeout: 2000 }).catch(() => {});
    await page.getByText('Your session has ended').waitFor();
    await page.getByLabel('API key').first().fill(world.keys.spare);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: /^(Resources|Connections)$/ }).waitFor();
    await finish(page);
  }],

  ['the summary counts what is loaded, and each number leads to what it counts', async (world) => {
    const { statistics } = await world.ask('{ statistics { identities connections resources employees applications } }');
    const page = await world.open('/');
    for (const [name, count, path] of [
      ['Identities', statistics.identities, '/identities'], ['Connections', statistics.connections, '/connections'],
      ['Resources', statistics.resources, '/resources'], ['Employees', statistics.employees, '/employees'], ['Applications', statistics.applications, '/applications'],
    ]) {
      const tile = page.locator('main').getByRole('link', { name: new RegExp(`^${name}\\s*${count.toLocaleString('en-US')}(?!\\d)`) });
      assert.equal(await tile.first().getAttribute('href'), path);
    }
    await page.getByRole('heading', { name: 'Data quality' }).waitFor();
    await page.locator('main').getByRole('link', { name: /^Identities/ }).first().click();
    await heading(page, 'Identities').waitFor();
    await page.getByText(`${statistics.identities.toLocaleString('en-US')} rows`).waitFor();
    await finish(page);
  }],

  ['an import on the summary leads to who gained access by it', async (world) => {
    const page = await world.open('/');
    const link = page.getByRole('link', { name: /by the import of github-later|Who gained and lost access/ }).first();
    await link.click();
    await page.waitForURL(/\/compare\?/);
    await page.getByText('carolgh').first().waitFor();
    await finish(page);
  }],

  ['global search finds an account by keyboard: / , type, Enter', async (world) => {
    const page = await world.open('/');
    await page.getByRole('heading', { name: 'Data quality' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('bobgh');
    await page.getByRole('option', { name: /bobgh/ }).first().waitFor();
    await assertAccessible(page);
    await page.keyboard.press('Enter');
    await heading(page, /bobgh/).waitFor();
    assert.match(page.url(), new RegExp(`/entities/${world.ids.bobgh}`));
    await finish(page);
  }],

  ['global search says so when nothing has the name', async (world) => {
    const page = await world.open('/');
    await page.keyboard.press('/');
    await page.keyboard.type('no-such-thing-anywhere');
    await page.getByText(/Nothing has/).waitFor();
    await page.keyboard.press('Escape');
    await page.getByText(/Nothing has/).waitFor({ state: 'hidden' });
    await finish(page);
  }],

  ['the command palette goes to pages, does things and finds entities', async (world) => {
    const page = await world.open('/');
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: /Search pages/ });
    await field.waitFor();
    await page.keyboard.type('theme dark');
    await page.getByRole('option', { name: 'Theme: dark', selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-mantine-color-scheme="dark"]').waitFor();
    await page.keyboard.press('Control+k');
    await field.waitFor();
    await assertAccessible(page);
    await page.keyboard.type('infra-live');
    await page.getByRole('option', { name: /infra-live/ }).first().waitFor();
    await page.keyboard.press('Enter');
    await heading(page, /infra-live/).waitFor();
    await page.keyboard.press('Control+k');
    await field.waitFor();
    await page.keyboard.type('summary');
    await page.getByRole('option', { name: 'Summary' }).waitFor();
    await page.keyboard.press('Enter');
    await heading(page, 'Summary').waitFor();
    await finish(page);
  }],

  ['the theme is chosen, and remembered', async (world) => {
    const page = await world.open('/');
    await page.getByRole('button', { name: 'Theme' }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.locator('[data-mantine-color-scheme="dark"]').waitFor();
    await page.reload();
    await page.locator('[data-mantine-color-scheme="dark"]').waitFor();
    await heading(page, 'Summary').waitFor();
    await finish(page);
  }],

  ['by keyboard alone: the skip link, the navigation, and the focus goes along', async (world) => {
    const page = await world.open('/');
    await page.getByRole('heading', { name: 'Data quality' }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Skip to the content');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'content');
    const link = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Employees' });
    await tabTo(page, link, { key: 'Shift+Tab' });
    await page.keyboard.press('Enter');
    await heading(page, 'Employees').waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'content');
    await finish(page);
  }],

  ['an address that there is not says so, and offers the way back', async (world) => {
    const page = await world.open('/no/such/page');
    await heading(page, 'No such page').waitFor();
    await assertAccessible(page);
    await page.getByRole('link', { name: 'Go to the summary' }).click();
    await heading(page, 'Summary').waitFor();
    await finish(page);
  }],

  ['a server that stops answering is said plainly, and can be tried again', async (world) => {
    const page = await world.open('/', { allow: [/ERR_FAILED/] });
    await page.getByRole('heading', { name: 'Data quality' }).waitFor();
    await page.route('**/graphql', (route) => route.abort('failed'));
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Resources' }).click();
    await page.getByRole('alert').first().waitFor();
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).first().click();
    await page.getByRole('grid').waitFor();
    await finish(page);
  }],

  ['on a small screen the navigation is a drawer and search is one button', async (world) => {
    const page = await world.open('/', { size: 'narrow' });
    await page.getByRole('button', { name: 'Open the navigation' }).click();
    await page.getByRole('dialog').getByRole('link', { name: 'Connections' }).click();
    await heading(page, 'Connections').waitFor();
    await page.getByRole('button', { name: 'Search' }).click();
    await page.keyboard.type('infra-live');
    await page.getByRole('option', { name: /infra-live/ }).first().click();
    await heading(page, /infra-live/).waitFor();
    await finish(page);
  }],

  ['a reviewer sees the own reports, not the whole company', async (world) => {
    const page = await world.open('/', { as: 'reviewer' });
    await page.getByText('Search for an identity to begin').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('bobgh');
    await page.getByRole('option', { name: /bobgh/ }).first().waitFor(); // a direct report's
    await page.keyboard.press('Enter');
    await heading(page, /bobgh/).waitFor();
    await finish(page);
  }],
];
