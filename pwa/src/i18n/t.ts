/**
 * Texts in the language that was chosen on this phone.
 *
 * A catalogue is a flat list of keys. `{name}` is a hole; a key with `#one` after it is the form for `n` = 1.
 * Catalogues are loaded per language, so that a phone carries only what it shows.
 */
import { signal, type ReadonlySignal } from '@preact/signals';
import type en from './en.json';

/** The languages of Roundsman. */
export const languages = ['zh', 'en'] as const;
export type Language = (typeof languages)[number];

/** The keys of a catalogue without its forms for one. */
export type KeysOf<C> = Exclude<keyof C & string, `${string}#one`>;
/** A key that the phone's catalogue has. */
export type TextKey = KeysOf<typeof en>;
/** What fills the holes. */
export type Values = Readonly<Record<string, string | number>>;
/** Where a catalogue comes from: one loader per language. */
export type Catalogue = Record<Language, () => Promise<{ default: Record<string, string> }>>;

const HTML_LANG: Record<Language, string> = { zh: 'zh-CN', en: 'en' };

const catalogues: Catalogue[] = [{ zh: () => import('./zh.json'), en: () => import('./en.json') }];
const current = signal<Language>('zh');
const texts = signal<Readonly<Record<string, string>>>({});

/** The language of the screen. */
export const language: ReadonlySignal<Language> = current;

/** Load every catalogue in `next`, then show it and say so on the root element. */
export async function setLanguage(next: Language): Promise<void> {
  const parts = await Promise.all(catalogues.map((catalogue) => catalogue[next]()));
  texts.value = Object.assign({}, ...parts.map((part) => part.default)) as Record<string, string>;
  current.value = next;
  document.documentElement.lang = HTML_LANG[next];
}

/** Add a catalogue before `setLanguage` is called; its keys must not be those of another one. */
export function addCatalogue(catalogue: Catalogue): void {
  catalogues.push(catalogue);
}

function translate(key: string, values: Values = {}): string {
  const one = values['n'] === 1 || values['n'] === '1' ? texts.value[`${key}#one`] : undefined;
  const text = one ?? texts.value[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (hole, name: string) => String(values[name] ?? hole));
}

/** A translator for the keys `K`; see `t` for the phone's. */
export function translator<K extends string>(): (key: K, values?: Values) => string {
  return translate;
}

/** The text of `key` with its holes filled. A component that calls it is drawn anew when the language changes. */
export const t = translator<TextKey>();

/** Whether the catalogue has `key`: for keys made at run time, such as `problem.` and a slug. */
export function isTextKey(key: string): key is TextKey {
  return key in texts.value;
}
