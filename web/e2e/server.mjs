// Starts an accessgraph of its own for a browser test: a free port, a data folder
// that is deleted afterwards, no API key.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The program: the one that ACCESSGRAPH_BIN names, else one built from this tree. */
export function binary() {
  if (process.env.ACCESSGRAPH_BIN) return process.env.ACCESSGRAPH_BIN;
  const built = join(root, 'bin', 'accessgraph');
  execFileSync('go', ['build', '-o', built, './cmd/accessgraph'], { cwd: root, stdio: 'inherit' });
  return built;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/**
 * Serves until stop() is called, and resolves once /readyz answers.
 * @param {object} [options]
 * @param {string[]} [options.args] added to `accessgraph serve`, such as --demo
 * @param {string[][]} [options.before] commands run on the same data first, such as ['import', 'employees', file]
 * @param {number} [options.readySeconds] how long the start may take
 * @returns {Promise<{url: string, run: (args: string[]) => string, stop: () => Promise<void>}>}
 */
export async function serve({ args = [], before = [], readySeconds = 60 } = {}) {
  const program = binary();
  const data = mkdtempSync(join(tmpdir(), 'accessgraph-e2e-'));
  const run = (command) => execFileSync(program, [...command, '--data', data], { encoding: 'utf8' });
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  let child;
  let log = '';

  const stop = async () => {
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    }
    rmSync(data, { recursive: true, force: true });
  };

  try {
    for (const command of before) run(command);
    child = spawn(program, ['serve', '--open', '--listen', address, '--data', data, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (log += text));
    const deadline = Date.now() + readySeconds * 1000;
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`accessgraph ended early:\n${log}`);
      const ready = await fetch(`${url}/readyz`).catch(() => null);
      if (ready?.ok) break;
      if (Date.now() > deadline) throw new Error(`accessgraph was not ready after ${readySeconds} s:\n${log}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, run, stop };
}
