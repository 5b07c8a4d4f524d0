// The harness itself: a browser that draws nothing, or an accessibility checker
// that sees nothing, would let every other browser test pass.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { launch } from './browser.mjs';

let browser;
before(async () => {
  browser = await launch();
});
after(() => browser?.close());

/** A page of its own context, since axe refuses pages made without one. */
async function open(html) {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.setContent(html);
  return page;
}

test('the browser runs scripts and draws', async () => {
  const page = await open(`<!doctype html><title>t</title><button onclick="this.textContent = 'pressed'">press</button>`);
  await page.getByRole('button', { name: 'press' }).click();
  const button = page.getByRole('button', { name: 'pressed' });
  const box = await button.boundingBox();
  assert.ok(box.width > 0 && box.height > 0, `the button has no size: ${JSON.stringify(box)}`);
});

test('axe finds a planted fault and passes a page without one', async () => {
  const rules = async (html) =>
    (await new AxeBuilder({ page: await open(html) }).analyze()).violations.map((violation) => violation.id);
  const page = (body) => `<!doctype html><html lang="en"><title>t</title><main><h1>t</h1>${body}</main></html>`;
  assert.ok((await rules(page('<img src="data:,">'))).includes('image-alt'));
  assert.deepEqual(await rules(page('<img src="data:," alt="a drawing">')), []);
});
