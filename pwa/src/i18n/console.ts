/** The console's texts: the phone's catalogue and its own on top of it. Importing this file loads both. */
import type own from './console.en.json';
import { addCatalogue, translator, type KeysOf, type TextKey } from './t';

addCatalogue({ zh: () => import('./console.zh.json'), en: () => import('./console.en.json') });

/** A key that the console may show. */
export type ConsoleKey = TextKey | KeysOf<typeof own>;

/** The text of a key of the console. */
export const tc = translator<ConsoleKey>();
