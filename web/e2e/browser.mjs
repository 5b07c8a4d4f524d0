// Starts the system's Chromium for a browser test. Playwright's own browser
// downloads are not used: what is tested is what people have.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const finder = fileURLToPath(new URL('../../scripts/chromium', import.meta.url));

/** The path of the browser; throws with the finder's advice when there is none. */
export function executablePath() {
  return execFileSync(finder, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
}

/**
 * Launches a headless browser. The caller closes it.
 * @param {import('playwright-core').LaunchOptions} [options] added to the defaults
 * @returns {Promise<import('playwright-core').Browser>}
 */
export async function launch(options = {}) {
  // Chromium refuses its sandbox to root, which containers often run as, and
  // small containers have too little /dev/shm for it.
  const asRoot = process.getuid?.() === 0;
  const args = ['--disable-dev-shm-usage', ...(asRoot ? ['--no-sandbox'] : []), ...(options.args ?? [])];
  return chromium.launch({ executablePath: executablePath(), headless: true, ...options, args });
}
