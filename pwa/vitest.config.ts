import { defineConfig } from 'vitest/config';
import { seam } from './scripts/seam.ts';

const office = 'src/console/**/*.test.{ts,tsx}';
const screens = 'src/screens/**/*.test.{ts,tsx}';
const simulation = 'src/testing/simulation/**/*.test.ts';
const rules = 'src/{camera,db,forms,protocol,rescue,sw,sync}/**/*.test.ts';
const shared = {
  environment: 'happy-dom',
  setupFiles: ['src/testing/setup.ts'],
  restoreMocks: true,
  // axe on a busy machine takes its time
  testTimeout: 30_000,
};
const built = {
  define: { __APP_VERSION__: JSON.stringify('0.0.0') },
  oxc: { jsx: { runtime: 'automatic' as const, importSource: 'preact' } },
};

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { ...built, test: { ...shared, name: 'unit', include: ['src/**/*.test.{ts,tsx}', 'scripts/**/*.test.ts'], exclude: [office, screens, simulation, rules] } },
      // the console's pages keep nothing of their own between two tests (src/testing/setup.ts), so one page serves them all
      { ...built, test: { ...shared, name: 'console', isolate: false, include: [office] } },
      // what knows no page is spared the making of one, which costs more than most of these tests; and one process serves them all
      { ...built, test: { name: 'rules', isolate: false, include: [rules], environment: 'node', restoreMocks: true, testTimeout: 30_000 } },
      // no page: a database in memory, and an order of events that a seed foretells
      { ...built, test: { name: 'simulation', isolate: false, include: [simulation], environment: 'node', testTimeout: 60_000 } },
      // the screens are tried on a state and acts in memory; the real ones under them are tried by their own tests and by the browser
      { ...built, plugins: [seam()], test: { ...shared, name: 'screens', include: [screens] } },
    ],
  },
});
