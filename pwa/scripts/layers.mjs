// Proves that the layer rules of .oxlintrc.json bite: plants every import that is forbidden, one by one,
// in a copy of the folders and expects oxlint to refuse it; plants every allowed one and expects silence.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// who may import whom; docs/architecture.md says why
const ALLOWED = {
  protocol: [],
  db: ['protocol'],
  rescue: ['protocol'],
  sync: ['db', 'protocol'],
  i18n: [],
  sw: [],
  shell: ['camera'],
  camera: ['shell'],
  ui: ['i18n'],
  forms: ['ui', 'i18n', 'protocol'],
  state: ['sync', 'db', 'protocol', 'i18n'],
  actions: ['state', 'sync', 'db', 'rescue', 'protocol'],
  screens: ['actions', 'state', 'forms', 'ui', 'i18n', 'camera', 'shell', 'protocol'],
  console: ['ui', 'i18n', 'protocol', 'forms'],
};

const here = new URL('..', import.meta.url).pathname;
const copy = mkdtempSync(join(tmpdir(), 'layers-'));
const folders = Object.keys(ALLOWED);

try {
  copyFileSync(join(here, '.oxlintrc.json'), join(copy, '.oxlintrc.json'));
  for (const from of folders) {
    for (const to of folders) {
      if (from === to) continue;
      const folder = join(copy, 'src', from, 'deep');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${to}.ts`), `import { x } from '../../${to}/x';\nexport const y = x;\n`);
    }
  }
  const run = spawnSync(join(here, 'node_modules/.bin/oxlint'), ['-c', '.oxlintrc.json', '--format', 'json', 'src'], {
    cwd: copy,
    encoding: 'utf8',
  });
  const refused = new Set(
    JSON.parse(run.stdout)
      .diagnostics.filter((found) => found.code.includes('no-restricted-imports'))
      .map((found) => found.filename.replaceAll('\\', '/')),
  );
  const wrong = [];
  let planted = 0;
  for (const from of folders) {
    for (const to of folders) {
      if (from === to) continue;
      const isRefused = refused.has(`src/${from}/deep/${to}.ts`);
      const mustBe = !ALLOWED[from].includes(to);
      if (mustBe) planted += 1;
      if (isRefused !== mustBe) wrong.push(`${from} → ${to} is ${isRefused ? 'refused' : 'let through'}`);
    }
  }
  if (wrong.length > 0) {
    console.error(`layer rules do not hold:\n${wrong.join('\n')}`);
    process.exit(1);
  }
  console.log(`layers hold: ${planted} planted imports refused`);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
