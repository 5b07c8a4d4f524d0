// What every journey of the explorer is held to: no console error, no failed request, nothing
// asked twice for nothing, nothing from elsewhere, no serious fault of accessibility, no
// sideways scrolling.
import assert from 'node:assert/strict';
import { AxeBuilder } from '@axe-core/playwright';

export const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 390, height: 844 } };

/** How long one step may take. */
const stepLimit = 5_000;
// The same question within this time of its first asking, with nothing changed meanwhile, is one too many.
const needless = 1_500;
// Asked again whenever the tray opens or a job ends.
const askedAgain = new Set(['RecentJobs']);

/**
 * Opens a page of its own, signed in.
 * @param {import('./world.mjs').World} world
 * @param {string} path
 * @param {object} [options]
 * @param {'administrator' | 'reviewer' | null} [options.as] whose key; null = not signed in
 * @param {'wide' | 'narrow'} [options.size]
 * @param {'light' | 'dark'} [options.scheme]
 * @param {RegExp[]} [options.allow] faults that the journey is about
 */
export async function openPage(world, path, { as = 'administrator', size = 'wide', scheme = 'light', allow = [] } = {}) {
  const context = await world.browser.newContext({
    viewport: sizes[size], colorScheme: scheme, reducedMotion: 'reduce', acceptDownloads: true, locale: 'en-GB', timezoneId: 'UTC',
    ...(as ? { storageState: await signedIn(world, as) } : {}),
  });
  context.setDefaultTimeout(stepLimit);
  const page = await context.newPage();
  page.faults = watch(page, world.url);
  page.pending = pending(page);
  page.allow = allow;
  await page.goto(world.url + path);
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  return page;
}

/** The cookie of somebody's session: one for all journeys, since attempts to sign in are limited. */
async function signedIn(world, who) {
  if (!world.sessions.has(who)) {
    const context = await world.browser.newContext();
    const response = await context.request.post(`${world.url}/api/v1/session`, { data: { key: world.keys[who] } });
    assert.equal(response.status(), 200, await response.text());
    world.sessions.set(who, await context.storageState());
    await context.close();
  }
  return world.sessions.get(who);
}

/** Collects what a page must not do. */
function watch(page, url) {
  const faults = [];
  let asked = new Map();
  page.on('load', () => (asked = new Map()));
  // urql's promise of a question that is called off is rejected, which nobody sees but the console of a debugger.
  page.on('pageerror', (error) => error.name !== 'AbortError' && faults.push(`page error: ${error.stack ?? error}`));
  page.on('console', (message) => message.type() === 'error' && faults.push(`console: ${message.text()} (${message.location().url})`));
  page.on('request', (request) => {
    if (!/^(blob|data):/.test(request.url()) && !request.url().startsWith(url)) faults.push(`asked elsewhere: ${request.url()}`);
    const body = request.method() === 'POST' && request.url().endsWith('/graphql') && request.postData();
    if (!body) return;
    const { operationName, query = '' } = JSON.parse(body);
    if (query.trimStart().startsWith('mutation')) asked = new Map(); // answers may differ from now on
    else if (query.trimStart().startsWith('query') && !askedAgain.has(operationName)) {
      const before = asked.get(body);
      if (before && Date.now() - before < needless) faults.push(`asked again after ${Date.now() - before} ms: ${body.slice(0, 300)}`);
      asked.set(body, Date.now());
    }
  });
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // A question that is no longer wanted is called off, and the end of a page ends its streams.
    if (why === 'net::ERR_ABORTED') return;
    asked.delete(request.postData());
    faults.push(`failed: ${request.method()} ${request.url()}: ${why}`);
  });
  page.on('response', async (response) => {
    const failed = response.status() >= 400;
    if (failed) asked.delete(response.request().postData()); // may be tried again
    if (failed) faults.push(`answered ${response.status()}: ${response.request().method()} ${response.url()}`);
    else if (response.url().endsWith('/graphql') && /json/.test(response.headers()['content-type'] ?? '')) {
      const text = await response.text().catch(() => ''); // the page may have gone on
      if (/"errors":\[/.test(text.slice(0, 200))) faults.push(`answered errors: ${text.slice(0, 400)}`);
    }
  });
  return faults;
}

function pending(page) {
  const open = new Set();
  page.on('request', (request) => {
    const stream = request.headers().accept?.startsWith('text/event-stream') || /^\s*subscription|"query":"subscription/.test(request.postData() ?? '');
    if (!stream) open.add(request);
  });
  for (const end of ['requestfinished', 'requestfailed']) page.on(end, (request) => open.delete(request));
  return open;
}

/** Fails if the page did anything that no page may. */
export function assertClean(page) {
  assert.deepEqual(page.faults.filter((f) => !page.allow.some((pattern) => pattern.test(f))), []);
}

/** Fails on faults of accessibility that axe calls serious or critical, and if the page is wider than the screen. */
export async function assertAccessible(page, { exclude = [] } = {}) {
  let builder = new AxeBuilder({ page });
  for (const selector of exclude) builder = builder.exclude(selector);
  const { violations } = await builder.analyze();
  const serious = violations.filter((v) => ['serious', 'critical'].includes(v.impact));
  assert.deepEqual(serious.map((v) => `${v.id}: ${v.nodes.slice(0, 4).map((n) => `${n.target.join(' ')}${n.any[0] ? ` (${n.any[0].message})` : ''}`).join(' | ')}`), []);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `the page is ${overflow} px wider than the screen`);
}

/** Waits until nothing is being asked; streams of news, which never end, apart. */
export async function settled(page) {
  const until = Date.now() + stepLimit;
  for (let quiet = 0; quiet < 3; quiet = page.pending.size === 0 ? quiet + 1 : 0) {
    assert.ok(Date.now() < until, `still asking: ${[...page.pending].map((r) => r.postData() ?? r.url()).join('\n')}`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

/** Ends a journey: the page was clean. */
export async function finish(page) {
  await settled(page);
  assertClean(page);
  await page.context().close();
}

/** Presses Tab until the focus is on what the locator names. */
export async function tabTo(page, locator, { limit = 80, key = 'Tab' } = {}) {
  for (let i = 0; i < limit; i++) {
    if (await locator.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${limit} times ${key} do not reach ${locator}`);
}
