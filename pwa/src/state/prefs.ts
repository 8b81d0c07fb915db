/** What a person chose on this phone for the screen: language, light or dark, sound. Kept in the browser, not in records. */
import { signal, type ReadonlySignal } from '@preact/signals';
import { languages, setLanguage, type Language } from '../i18n/t';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

const KEY = 'roundsman.';

function read<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  try {
    const kept = localStorage.getItem(KEY + name);
    return allowed.find((value) => value === kept) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function keep(name: string, value: string): void {
  try {
    localStorage.setItem(KEY + name, value);
  } catch {
    // a browser without storage forgets the choice; it still holds until the page is closed
  }
}

/** The browser's wish, where nobody chose yet. */
function spoken(): Language {
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

const themeNow = signal<Theme>('system');
const soundNow = signal(true);
const stampNow = signal(false);

/** Light, dark, or as the phone has it. */
export const theme: ReadonlySignal<Theme> = themeNow;
/** Whether scans are heard. Vibration has no switch. */
export const sound: ReadonlySignal<boolean> = soundNow;

/** Whether time, place and name are drawn onto photos of orders and reports. */
export const stamping: ReadonlySignal<boolean> = stampNow;

/** Bring the kept choices onto the page; resolves when the texts are there. */
export async function loadPrefs(): Promise<void> {
  showTheme(read('theme', themes, 'system'));
  soundNow.value = read('sound', ['on', 'off'], 'on') === 'on';
  stampNow.value = read('stamp', ['on', 'off'], 'off') === 'on';
  await setLanguage(read('language', languages, spoken()));
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

/** Choose and keep whether scans are heard. */
export function chooseSound(on: boolean): void {
  keep('sound', on ? 'on' : 'off');
  soundNow.value = on;
}

/** Choose and keep whether photos of orders and reports are stamped. */
export function chooseStamping(on: boolean): void {
  keep('stamp', on ? 'on' : 'off');
  stampNow.value = on;
}

function showTheme(next: Theme): void {
  themeNow.value = next;
  if (next === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = next;
}
