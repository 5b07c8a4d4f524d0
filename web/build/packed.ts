// Compresses what was built, and reports the first load. Only the compressed files stay:
// they are what the server sends, and the binary that embeds them is smaller.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

/** The first load may have at most this much script, compressed. */
const budget = 350_000;

const compressible = /\.(js|css|svg|json|txt|md|map)$/;

/** The chunks that the page needs before it can show anything: the entry and what it imports statically. */
export function firstLoad(bundle: Rollup.OutputBundle): string[] {
  const names = new Set<string>();
  const visit = (name: string) => {
    const chunk = bundle[name];
    if (names.has(name) || chunk?.type !== 'chunk') return;
    names.add(name);
    chunk.imports.forEach(visit);
  };
  for (const file of Object.values(bundle)) if (file.type === 'chunk' && file.isEntry) visit(file.fileName);
  return [...names];
}

export function packed(): Plugin {
  return {
    name: 'accessgraph-packed',
    apply: 'build',
    writeBundle(options, bundle) {
      const dir = options.dir ?? 'dist/app';
      const sizes = new Map<string, number>();
      for (const name of Object.keys(bundle)) {
        if (!compressible.test(name)) continue;
        const path = join(dir, name);
        const small = gzipSync(readFileSync(path), { level: 9 });
        writeFileSync(`${path}.gz`, small);
        rmSync(path);
        sizes.set(name, small.length);
      }
      const first = firstLoad(bundle).reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
      const all = [...sizes].filter(([name]) => name.endsWith('.js')).reduce((sum, [, size]) => sum + size, 0);
      const kB = (n: number) => `${(n / 1000).toFixed(1)} kB`;
      this.info(`first load: ${kB(first)} of script, compressed (budget ${kB(budget)}); with every page: ${kB(all)}`);
      if (first > budget) this.error(`the first load is ${kB(first - budget)} over its budget`);
    },
  };
}
