import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import pkg from './package.json' with { type: 'json' };
import { phoneWorker } from './scripts/phone-worker.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const server = `http://localhost:${process.env['PORT'] ?? '8000'}`;

// Three pages, one tree of assets. The server sends /app/ and /console/ fresh and /assets/ for ever.
export default defineConfig({
  root: here('.'),
  base: '/',
  define: { __APP_VERSION__: JSON.stringify(pkg.version) },
  plugins: [phoneWorker()],
  build: {
    outDir: here('dist'),
    emptyOutDir: true,
    target: ['chrome97', 'safari16.4'],
    // no data: addresses: the policy allows pictures and fonts from files only
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: '.manifest.json',
    rolldownOptions: { input: { app: here('app/index.html'), rescue: here('app/rescue.html'), console: here('console/index.html') } },
  },
  worker: { format: 'es' },
  server: { proxy: { '/api': server, '/t': server } },
});
