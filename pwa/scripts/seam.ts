import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';

const stand = (name: string) => fileURLToPath(new URL(`../src/testing/seam/${name}.ts`, import.meta.url));

/** Lets the screens stand on the in-memory state and acts of `src/testing/seam/` instead of store and network. */
export function seam(): Plugin {
  return {
    name: 'roundsman-seam',
    enforce: 'pre',
    resolveId(source, importer) {
      // orders and cards are computed by the real functions, of what the scene says
      if (/\/state\/(orders|assets)\.ts$/.test(importer ?? '') && source === './app') return stand('state');
      if (/\/state\/(app|sync|today|log)$/.test(source)) return stand('state');
      return /\/actions\/\w+$/.test(source) ? stand('actions') : null;
    },
  };
}
