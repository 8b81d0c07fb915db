import { language } from './t';

/** A name as it comes down from the server: Chinese always, English where somebody wrote it. */
export type Label = { readonly zh: string; readonly en: string };

/** The label in the language of the screen; an empty English one shows the Chinese. */
export function say(label: Label): string {
  return language.value === 'en' && label.en !== '' ? label.en : label.zh;
}

/** The `lang` of what `say` returns when it differs from the screen's, else undefined. */
export function langOf(label: Label): string | undefined {
  return language.value === 'en' && label.en === '' ? 'zh-CN' : undefined;
}
