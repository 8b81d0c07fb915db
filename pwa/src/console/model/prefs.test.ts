import { beforeEach, expect, test } from 'vitest';
import { chooseLanguage, chooseTheme, keepSite, lastSite, loadPrefs, theme } from './prefs';

const shown = () => document.documentElement.dataset['theme'];

beforeEach(() => localStorage.clear());

test('what was chosen comes back when the page is opened again', async () => {
  await loadPrefs();
  chooseTheme('dark');
  await chooseLanguage('en');
  keepSite('s1');
  delete document.documentElement.dataset['theme'];
  await loadPrefs();
  expect([theme.value, shown(), document.documentElement.lang, lastSite()]).toEqual(['dark', 'dark', 'en', 's1']);
});

test('a choice that nobody offered is as none', async () => {
  localStorage.setItem('roundsman.console.theme', 'pink');
  await loadPrefs();
  expect([theme.value, shown()]).toEqual(['system', undefined]);
});

test('paper is white also when the screen is dark', async () => {
  await loadPrefs();
  chooseTheme('dark');
  dispatchEvent(new Event('beforeprint'));
  expect(shown()).toBe('light');
  dispatchEvent(new Event('afterprint'));
  expect(shown()).toBe('dark');
});
