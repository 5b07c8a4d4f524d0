// Starts an accessgraph of its own for a browser test: a free port, a data folder
// that is deleted afterwards, no API key.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

const databases = join(root, 'scripts', 'neo4j');

/** Starts a Neo4j that ends with this process at the latest; what the program has to be told of it. */
function startNeo4j(dir) {
  execFileSync(databases, ['start', '--dir', dir, '--port', '0', '--parent', String(process.pid)], { stdio: ['ignore', 'ignore', 'inherit'] });
  const { uri, username, password } = JSON.parse(readFileSync(join(dir, 'server.json'), 'utf8'));
  return {
    ACCESSGRAPH_STORE: 'neo4j', ACCESSGRAPH_NEO4J_URI: uri, ACCESSGRAPH_NEO4J_USERNAME: username, ACCESSGRAPH_NEO4J_PASSWORD: password,
  };
}

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
 * @param {boolean} [options.open] whether it asks nobody for a key
 * @param {boolean} [options.neo4j] on a Neo4j of its own, instead of the embedded store
 * @returns {Promise<{url: string, said: string[], run: (args: string[]) => string, stop: () => Promise<void>}>}
 *   said is what the commands before printed
 */
export async function serve({ args = [], before = [], readySeconds = 60, open = true, neo4j = false } = {}) {
  const program = binary();
  const data = mkdtempSync(join(tmpdir(), 'accessgraph-e2e-'));
  const graph = join(data, 'neo4j');
  const env = { ...process.env };
  const run = (command) => execFileSync(program, [...command, '--data', data], { encoding: 'utf8', env });
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  let child;
  let log = '';
  const said = [];

  const stop = async () => {
    if (child && child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    }
    if (neo4j) execFileSync(databases, ['stop', '--dir', graph], { stdio: 'ignore' });
    rmSync(data, { recursive: true, force: true });
  };

  try {
    if (neo4j) Object.assign(env, startNeo4j(graph));
    for (const command of before) said.push(run(command));
    child = spawn(program, ['serve', ...(open ? ['--open'] : []), '--listen', address, '--data', data, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'], env,
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
  return { url, said, run, stop };
}
