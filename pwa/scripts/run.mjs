// Bundles a file of src/ with what it imports and runs it under Node: run.mjs src/testing/simulation/main.ts
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const here = new URL('..', import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), 'run-'));
const bundle = join(folder, 'run.mjs');
const command = [process.argv[2], '--file', bundle, '--format', 'esm', '--platform', 'node', '--log-level', 'silent'];
try {
  const built = spawnSync(join(here, 'node_modules/.bin/rolldown'), command, { cwd: here, stdio: ['ignore', 'ignore', 'inherit'] });
  process.exitCode = built.status === 0 ? (spawnSync(process.execPath, [bundle], { stdio: 'inherit' }).status ?? 1) : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
