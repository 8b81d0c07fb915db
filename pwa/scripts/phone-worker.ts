import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { transformWithOxc, type Plugin, type Rolldown } from 'vite';

const SOURCE = new URL('../src/sw/index.ts', import.meta.url).pathname;
/** The pages that the phone opens without a network: the app, and the safe page that needs none of its code. */
const PAGES = ['index.html', 'rescue.html'];
const STATIC = ['manifest.webmanifest', 'icon-192.png', 'icon-512.png', 'icon-maskable-512.png'];

/** The files that `entry` needs: its chunks, also the lazy ones, their styles and what they name. */
export function reachable(bundle: Rolldown.OutputBundle, entry: string): Set<string> {
  const seen = new Set<string>();
  const visit = (name: string): void => {
    const chunk = bundle[name];
    if (seen.has(name) || chunk?.type !== 'chunk') return;
    seen.add(name);
    for (const file of chunk.viteMetadata?.importedCss ?? []) seen.add(file);
    [...chunk.imports, ...chunk.dynamicImports].forEach(visit);
  };
  for (const [name, chunk] of Object.entries(bundle)) {
    if (chunk.type === 'chunk' && chunk.isEntry && chunk.name === entry) visit(name);
  }
  return seen;
}

/** The safe page must work where the app does not: it may load nothing but its own code and the protocol's. */
export function holdApart(bundle: Rolldown.OutputBundle): void {
  for (const name of reachable(bundle, 'rescue')) {
    const chunk = bundle[name];
    if (chunk?.type !== 'chunk') continue;
    const foreign = chunk.moduleIds.filter((id) => id.includes('/src/') && !/\/src\/(rescue|protocol|ui)\//.test(id));
    if (foreign.length > 0) throw new Error(`the safe page would load ${foreign.join(', ')}`);
  }
}

/**
 * Emits `/app/sw.js` from `src/sw/index.ts` with the list of what it keeps: all that was built,
 * save what only the console needs. The worker's version is the hash of that list and its contents.
 */
export function phoneWorker(): Plugin {
  return {
    name: 'roundsman-phone-worker',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      async handler(_options, bundle) {
        const phone = reachable(bundle, 'app');
        const console_ = reachable(bundle, 'console');
        holdApart(bundle);
        const kept = Object.keys(bundle).filter(
          (name) => name.startsWith('assets/') && (phone.has(name) || !console_.has(name)) && !name.endsWith('.map'),
        );
        const files = ['app/', 'app/rescue.html', ...STATIC.map((name) => `app/${name}`), ...kept.sort()].map((name) => `/${name}`);
        const version = createHash('sha256').update(JSON.stringify(files)).update(readFileSync(SOURCE));
        for (const name of STATIC) version.update(readFileSync(new URL(`../public/app/${name}`, import.meta.url)));
        for (const name of PAGES) version.update(readFileSync(new URL(`../app/${name}`, import.meta.url)));
        const { code } = await transformWithOxc(readFileSync(SOURCE, 'utf8'), SOURCE, { sourcemap: false });
        const source = code
          .replaceAll('__FILES__', JSON.stringify(files))
          .replaceAll('__VERSION__', JSON.stringify(version.digest('hex').slice(0, 16)));
        this.emitFile({ type: 'asset', fileName: 'app/sw.js', source });
      },
    },
  };
}
