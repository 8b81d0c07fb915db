// Bundles the simulation of the phone engine and runs it: ROUNDS=… for a long run, SEED=… (and TELL=1) for one story.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
const bundle = join(folder, 'simulate.mjs');
const command = ['src/testing/simulation/main.ts', '--file', bundle, '--format', 'esm', '--platform', 'node', '--log-level', 'silent'];
try {
  const built = spawnSync(join(here, 'node_modules/.bin/rolldown'), command, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
  process.exitCode = built.status === 0 ? (spawnSync(process.execPath, [bundle], { stdio: 'inherit' }).status ?? 1) : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
