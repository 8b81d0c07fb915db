/** What a half-filled form says. Pure. */
import type { FormBody } from '../protocol/entities';
import { isTyped, isUnread, judge, standings, type Judgement, type Meters, type Standing } from '../protocol/forms';
import type { Answer } from '../protocol/records';
import type { FormPhoto } from './kind';

export type Filling = {
  /** What would be sent: of fields that are asked, with the counted photos and the results of formulas. */
  answers: Record<string, Answer>;
  standings: readonly Standing[];
  judgement: Judgement;
  /** The photos, voice notes and signatures of fields that are asked. */
  photos: readonly FormPhoto[];
};

/** What stands in the form, given what was answered and what was taken for it. */
export function fillingOf(form: FormBody, values: Record<string, Answer>, photos: readonly FormPhoto[], meters: Meters): Filling {
  const counts: Record<string, number> = {};
  for (const { field, of } of photos) if (field !== null && of === undefined) counts[field] = (counts[field] ?? 0) + 1;
  const given = { ...values };
  for (const { id, kind } of form.fields) {
    if (kind === 'photo') {
      delete given[id];
      if (counts[id]) given[id] = { photos: counts[id] };
    }
  }
  const asked = standings(form, given, meters);
  const answers: Record<string, Answer> = {};
  for (const { field, shown, answer } of asked) if (shown && answer !== undefined) answers[field.id] = answer;
  const shown = new Set(asked.filter((one) => one.shown).map((one) => one.field.id));
  return {
    answers,
    standings: asked,
    judgement: judge(form, answers, counts, meters),
    photos: photos.filter(({ field }) => field === null || shown.has(field)),
  };
}

/** The texts that belong to a record: of the fields that are words or names, and notes under what is wrong; the rest was taken back. */
export function writtenOf(filling: Filling, texts: Record<string, string>): Record<string, string> {
  const wanted = new Set<string>();
  for (const { field, shown, answer, level } of filling.standings) {
    if (!shown || answer === undefined) continue;
    const isWord = field.kind === 'text' || field.kind === 'part' || (field.kind === 'signature' && (field.name || isTyped(answer)));
    if (isWord || level !== null || isUnread(answer)) wanted.add(field.id);
  }
  return Object.fromEntries(Object.entries(texts).filter(([field, text]) => wanted.has(field) && text.trim() !== ''));
}
