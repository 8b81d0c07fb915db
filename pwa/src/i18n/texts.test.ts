import { expect, test } from 'vitest';
import consoleEn from './console.en.json';
import consoleZh from './console.zh.json';
import en from './en.json';
import { language, setLanguage, t } from './t';
import zh from './zh.json';

type Catalogue = Record<string, string>;
const pairs: [string, Catalogue, Catalogue][] = [
  ['phone', zh, en],
  ['console', consoleZh, consoleEn],
];
const base = (catalogue: Catalogue) => Object.keys(catalogue).filter((key) => !key.endsWith('#one')).sort();
const holes = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();

test.each(pairs)('both languages of the %s say the same things', (_name, chinese, english) => {
  expect(base(english)).toEqual(base(chinese));
});

test.each(pairs)('both languages of the %s have the same holes', (_name, chinese, english) => {
  for (const key of base(english)) expect([key, holes(english[key]!)]).toEqual([key, holes(chinese[key]!)]);
});

test.each(pairs)('every form for one in the %s belongs to a text and leaves no hole unfilled', (_name, ...both) => {
  for (const catalogue of both) {
    for (const key of Object.keys(catalogue).filter((k) => k.endsWith('#one'))) {
      const plural = catalogue[key.replace('#one', '')];
      expect(plural, key).toBeDefined();
      expect(holes(plural!)).toEqual(expect.arrayContaining(holes(catalogue[key]!)));
    }
  }
});

test('no key of the console hides one of the phone', () => {
  expect(Object.keys(consoleEn).filter((key) => key in en)).toEqual([]);
});

test('no text is empty and Chinese ones have no Latin punctuation between characters', () => {
  for (const [key, text] of Object.entries({ ...zh, ...consoleZh } as Catalogue)) {
    expect(text.trim(), key).not.toBe('');
    expect(/[\u4e00-\u9fff][,;?!][\u4e00-\u9fff]/.test(text), `${key}: ${text}`).toBe(false);
  }
});

test('a number fills its hole and one has a form of its own', async () => {
  await setLanguage('en');
  expect(t('sync.refused', { n: 3 })).toBe('3 need attention');
  expect(t('sync.refused', { n: 1 })).toBe('1 needs attention');
});

test('the page says which language it speaks', async () => {
  await setLanguage('en');
  expect([language.value, document.documentElement.lang]).toEqual(['en', 'en']);
  await setLanguage('zh');
  expect([language.value, document.documentElement.lang]).toEqual(['zh', 'zh-CN']);
});
