// Fails the build when the phone's first screen or a lazy screen grows over its budget (bytes after gzip -9).
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const FIRST_SCREEN = 100 * 1024;
const LAZY_SCREEN = 15 * 1024;
const FIRST = 'src/screens/today/Today.tsx';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.manifest.json', dist), 'utf8'));
const sizes = new Map();

/** Bytes of one built file after gzip. */
function size(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(readFileSync(new URL(file, dist)), { level: 9 }).length);
  return sizes.get(file);
}

/** Every script and style that loads with `key`, without what loads later on demand. */
function together(key, into = new Set()) {
  const chunk = manifest[key];
  if (!chunk || into.has(chunk.file)) return into;
  into.add(chunk.file);
  for (const css of chunk.css ?? []) into.add(css);
  for (const next of chunk.imports ?? []) together(next, into);
  return into;
}

const sum = (files) => [...files].reduce((n, file) => n + size(file), 0);
const kb = (n) => `${(n / 1024).toFixed(1)} KB`;
const failures = [];

function hold(name, bytes, budget) {
  console.log(`${bytes > budget ? '✗' : '✓'} ${name.padEnd(34)} ${kb(bytes).padStart(9)} of ${kb(budget)}`);
  if (bytes > budget) failures.push(name);
}

const entry = 'app/index.html';
const page = gzipSync(readFileSync(new URL(entry, dist)), { level: 9 }).length;
const first = together(entry);
if (!manifest[FIRST]) throw new Error(`${FIRST} is not built: the budget of the first screen cannot be held`);
together(FIRST, first);
// the larger of the two languages
const words = ['src/i18n/zh.json', 'src/i18n/en.json'].map((key) => sum(together(key)));
hold('first screen', page + sum(first) + Math.max(...words), FIRST_SCREEN);

const screens = Object.keys(manifest).filter((key) => key.startsWith('src/screens/') && manifest[key].isDynamicEntry);
if (screens.length < 2) throw new Error('no lazy screens were found: the list of chunks has another form');
for (const key of screens) {
  const own = [...together(key)].filter((file) => !first.has(file));
  hold(key.replace('src/screens/', ''), sum(own), LAZY_SCREEN);
}

if (failures.length > 0) {
  console.error(`over budget: ${failures.join(', ')}`);
  process.exit(1);
}
