import { expect, test } from 'vitest';
import vectors from '../../../tests/vectors/recurrence.json';
import '../i18n/console';
import { setLanguage } from '../i18n/t';
import { recurrenceWords, windowsWords } from './recurrence';
import type { Recurrence } from './types';

type Case = { name: string; recurrence: Recurrence; zh: string[]; en: string[] };

test.each(vectors.words as Case[])('says $name as the files of the server do', async ({ recurrence, ...said }) => {
  for (const lang of ['en', 'zh'] as const) {
    await setLanguage(lang);
    expect([recurrenceWords(recurrence), windowsWords(recurrence)]).toEqual(said[lang]);
  }
});
