import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const sheet = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');

/** The declarations of the block that follows `selector`. */
function block(selector: string): Record<string, string> {
  const from = sheet.indexOf(`${selector} {`);
  const body = sheet.slice(sheet.indexOf('{', from) + 1, sheet.indexOf('}', from));
  return Object.fromEntries([...body.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((m) => [m[1]!, m[2]!.trim()]));
}

const light = block('\n:root');
const system = block(':root:not([data-theme="light"])');
const chosen = block(':root[data-theme="dark"]');

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(a: string, b: string): number {
  const [hi, lo] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (hi + 0.05) / (lo + 0.05);
}

const tones = ['good', 'warn', 'bad', 'unsure', 'live', 'calm'];
const pairs: [string, string, number][] = [
  ...['paper', 'surface', 'sunken', 'raised'].map((ground): [string, string, number] => ['text', ground, 7]),
  ['text-2', 'paper', 7],
  ['text-2', 'surface', 7],
  ['text-3', 'paper', 4.5],
  ['text-3', 'surface', 4.5],
  ['on-ink', 'ink', 7],
  ['on-ink-2', 'ink', 7],
  ['on-act', 'act', 7],
  ['act', 'ink', 7],
  ['on-next', 'next', 7],
  ['line-strong', 'surface', 3],
  ['line-strong', 'paper', 3],
  ...tones.flatMap((tone): [string, string, number][] => [
    [tone, `${tone}-soft`, 4.5],
    [tone, 'surface', 4.5],
    [tone, 'paper', 4.5],
    [`on-${tone}`, `${tone}-solid`, 4.5],
    [`${tone}-solid`, 'surface', 3],
  ]),
];

describe.each([
  ['light', light],
  ['dark', { ...light, ...chosen }],
])('in %s', (_theme, tokens: Record<string, string>) => {
  test.each(pairs)('%s on %s keeps at least %d : 1', (front, ground, least) => {
    const a = tokens[`--${front}`];
    const b = tokens[`--${ground}`];
    expect(a, front).toMatch(/^#[0-9a-f]{6}$/);
    expect(b, ground).toMatch(/^#[0-9a-f]{6}$/);
    expect(ratio(a!, b!)).toBeGreaterThanOrEqual(least);
  });
});

test('dark by the system and dark by choice are one palette', () => {
  expect(Object.keys(chosen).length).toBeGreaterThan(20);
  expect(chosen).toEqual(system);
});

test('dark is for screens: on paper every page is dark on white', () => {
  const media = [...sheet.matchAll(/@media ([^{]+) \{\s*:root(?:\[data-theme="dark"\]|:not\(\[data-theme="light"\]\))/g)].map((m) => m[1]);
  expect(media).toEqual(['screen and (prefers-color-scheme: dark)', 'screen']);
  expect(sheet.match(/color-scheme: dark/g)).toHaveLength(3);
});
