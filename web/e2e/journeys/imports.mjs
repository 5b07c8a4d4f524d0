// Files in, files out.
import { assertAccessible, finish } from '../journey.mjs';
import { fixture } from '../world.mjs';

async function choose(page, file) {
  await page.getByLabel('CSV file').setInputFiles(fixture(file));
  await page.getByRole('heading', { name: 'Which column is which' }).waitFor();
  await page.getByLabel('Integration').first().fill('Uploaded vault');
  await page.keyboard.press('Escape');
  await page.getByLabel('Application').first().fill('Vault');
  await page.keyboard.press('Escape');
  const select = async (name, header) => {
    const field = page.getByRole('combobox', { name: `Column of the file for ${name}`, exact: true }).or(page.getByRole('textbox', { name: `Column of the file for ${name}`, exact: true })).first();
    if ((await field.inputValue()) === header) return;
    await field.click();
    await page.getByRole('option', { name: header, exact: true }).click();
  };
  for (const [name, header] of [['Entity Name', 'Account'], ['Entity Type', 'Kind'], ['Entity Source Type', 'Origin Type'], ['Entity Source ID', 'Account Key']]) await select(name, header);
}

export default [
  ['a file with renamed columns and a broken row is refused with row and column', async (world) => {
    const page = await world.open('/import');
    await choose(page, 'renamed-broken.csv');
    await page.getByRole('button', { name: 'Try it, write nothing' }).click();
    await page.getByText('The file was refused. Nothing was written.').waitFor();
    await page.getByText(/robot/).first().waitFor();
    await assertAccessible(page);
    await finish(page);
  }],

  ['the mended file is tried, then imported', async (world) => {
    const page = await world.open('/import');
    await choose(page, 'renamed.csv');
    await page.getByRole('button', { name: 'Try it, write nothing' }).click();
    await page.getByText('Nothing has been written yet').waitFor();
    await page.getByRole('button', { name: 'Import it now' }).click();
    await page.getByText('Imported.').first().waitFor();
    await finish(page);
  }],

  ['a jobs tray and a jobs page list what ran', async (world) => {
    const page = await world.open('/');
    await page.getByRole('button', { name: /^Background jobs/ }).click();
    await page.getByRole('dialog', { name: /Background jobs/ }).waitFor();
    await assertAccessible(page);
    await page.goto(`${world.url}/jobs`);
    await page.getByRole('heading', { level: 1, name: 'Jobs' }).waitFor();
    await finish(page);
  }],
];
