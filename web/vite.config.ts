import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { packed } from './build/packed.ts';

export default defineConfig({
  plugins: [react(), packed()],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  build: {
    outDir: 'dist/app',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0, // the content security policy allows no data: fonts or styles
    chunkSizeWarningLimit: 700,
    license: { fileName: 'licences.md' }, // of what is bundled; the binary that embeds it has to carry them
    reportCompressedSize: false, // build/packed.ts reports what is really sent
  },
  server: {
    // npm run dev, with `accessgraph serve --open` beside it.
    proxy: { '/graphiql': 'http://127.0.0.1:8080', '/graphql': 'http://127.0.0.1:8080', '/api': 'http://127.0.0.1:8080' },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}', 'build/**/*.test.ts'],
    setupFiles: ['src/test/setup.ts'],
    restoreMocks: true,
    maxWorkers: 2,
    css: false,
  },
});
