import type { Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { holdApart, reachable } from './phone-worker.ts';

const chunk = (name: string, entry: boolean, imports: string[], dynamicImports: string[], css: string[] = []) =>
  ({ type: 'chunk', name, isEntry: entry, imports, dynamicImports, viteMetadata: { importedCss: new Set(css) } }) as unknown as Rolldown.OutputChunk;

const bundle = {
  'assets/app.js': chunk('app', true, ['assets/shared.js'], ['assets/scan.js'], ['assets/phone.css']),
  'assets/scan.js': chunk('scan', false, ['assets/app.js'], []),
  'assets/shared.js': chunk('shared', false, [], []),
  'assets/console.js': chunk('console', true, ['assets/shared.js'], ['assets/board.js'], ['assets/console.css']),
  'assets/board.js': chunk('board', false, [], []),
} as Rolldown.OutputBundle;

test('what the phone keeps are its chunks, the lazy ones too, and their styles, but nothing of the console', () => {
  expect([...reachable(bundle, 'app')].sort()).toEqual(['assets/app.js', 'assets/phone.css', 'assets/scan.js', 'assets/shared.js']);
  expect([...reachable(bundle, 'console')].sort()).toEqual(['assets/board.js', 'assets/console.css', 'assets/console.js', 'assets/shared.js']);
});

test('a safe page that would load the app is not built', () => {
  const safe = { ...chunk('rescue', true, ['assets/shared.js'], []), moduleIds: ['/x/src/rescue/main.ts'] };
  const shared = (...moduleIds: string[]) => ({ ...chunk('shared', false, [], []), moduleIds });
  const built = (...moduleIds: string[]) => ({ 'assets/rescue.js': safe, 'assets/shared.js': shared(...moduleIds) }) as unknown as Rolldown.OutputBundle;
  expect(() => holdApart(built('/x/src/protocol/encoding.ts'))).not.toThrow();
  expect(() => holdApart(built('/x/src/protocol/encoding.ts', '/x/src/db/store.ts'))).toThrow('/x/src/db/store.ts');
});
