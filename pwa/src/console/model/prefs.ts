/** What a person chose in this browser: language, light or dark, the last site. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { languages, setLanguage, type Language } from '../../i18n/t';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'roundsman.console.';
const themeNow = signal<Theme>('system');

/** Light, dark, or as the computer has it. */
export const theme: ReadonlySignal<Theme> = themeNow;

function read(name: string): string | null {
  try {
    return localStorage.getItem(KEY + name);
  } catch {
    return null;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(KEY + name, value);
  } catch {
    // a browser without storage forgets the choice; it holds until the page is closed
  }
}

/** Bring the kept choices onto the page; resolves when the texts are there. */
export async function loadPrefs(): Promise<void> {
  showTheme(themes.find((one) => one === read('theme')) ?? 'system');
  printLight();
  const spoken: Language = navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
  await setLanguage(languages.find((one) => one === read('language')) ?? spoken);
}

/** Choose and keep the language. */
export async function chooseLanguage(next: Language): Promise<void> {
  keep('language', next);
  await setLanguage(next);
}

/** Choose and keep light or dark. */
export function chooseTheme(next: Theme): void {
  keep('theme', next);
  showTheme(next);
}

/** The site that was looked at last, or null. */
export function lastSite(): string | null {
  return read('site');
}

/** Remember the site that is looked at. */
export function keepSite(id: string): void {
  keep('site', id);
}

// paper is white, whatever the screen is
function printLight(): void {
  addEventListener('beforeprint', () => {
    document.documentElement.dataset['theme'] = 'light';
  });
  addEventListener('afterprint', () => showTheme(themeNow.peek()));
}

function showTheme(next: Theme): void {
  themeNow.value = next;
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
}
