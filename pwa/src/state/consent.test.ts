import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { CONSENT_VERSION } from './consent';
import en from '../i18n/en.json';
import zh from '../i18n/zh.json';

/** The texts that people agreed to, by version. A text of before is never changed here: another one is added. */
const TEXTS: Record<number, string> = { 1: '7df604da99a7f5df', 2: 'e30466e9e3c24ce5' };

test('the text that is shown is the one of its version: whoever changes it raises the version', () => {
  const told = [en, zh].map((texts) => Object.entries(texts as Record<string, string>).filter(([key]) => key.startsWith('consent.')));
  expect(createHash('sha256').update(JSON.stringify(told)).digest('hex').slice(0, 16)).toBe(TEXTS[CONSENT_VERSION]);
});
