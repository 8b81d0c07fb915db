import type { Rolldown } from 'vite';
import { expect, test } from 'vitest';
import { reachable } from './phone-worker.ts';

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
