/** A person fills the form of a stop. */
import type { FormBody, TargetRef } from '../protocol/entities';
import { checkAnswer, foldNumber, standings, type Meters } from '../protocol/forms';
import { wellFormed } from '../protocol/encoding';
import type { Answer, BlobRole, Draft, TargetSeen } from '../protocol/records';
import { entries } from '../state/data';
import { isType } from '../state/rounds';
import { targetOf, type World } from '../state/world';
import { seal } from '../sync/seal';
import { keepPictures, keptOf, withBlobs } from './photos';
import { record } from './problem';
import { signedIn } from './signedIn';
import { MOST_TEXT, cut, noteOf } from './texts';

export type PhotoInput = {
  field: string | null;
  bytes: Uint8Array;
  mime: string;
  /** Absent: a photo. */
  role?: Exclude<BlobRole, 'frame'>;
  key?: string;
  /** The key of the photo that was drawn onto this one. */
  of?: string;
};
export type AnswersInput = {
  occurrence: string | null;
  stop: string | null;
  target: TargetRef | null;
  /** Hash of the scan that they go with. */
  scan: string | null;
  form: FormBody;
  /** The meters that its readings name. */
  meters?: Meters;
  values: Record<string, Answer>;
  /** Field → text: of a text field, or the words to a fault. */
  texts: Record<string, string>;
  note: string | null;
  photos: PhotoInput[];
  /** The draft that is forgotten in the same step. */
  draft?: string;
};
export type Saved = {
  hash: string;
  seq: number;
  /** False when there was no room for one: the record says so. */
  photosKept: boolean;
};

/** Keep the answers of a stop. Resolves when they are on the disk. */
export function submitAnswers(input: AnswersInput): Promise<Saved> {
  return record(async () => {
    const { phone, actor, site, world } = signedIn();
    const pictures = input.photos.map(({ role = 'photo', ...photo }) => ({ ...photo, role }));
    const { blobs, kept } = await keepPictures(phone, pictures);
    const scan = scanFor(input);
    const draft: Draft<'answers'> = {
      type: 'answers',
      actor,
      site,
      private: privateOf(input),
      ...(scan === null ? {} : { deps: [scan] }),
      ...withBlobs(blobs),
      p: {
        occurrence: input.occurrence,
        stop: input.stop,
        target: seen(world, input.target),
        scan,
        form: { id: input.form.id, edition: input.form.edition },
        values: valuesOf(input),
      },
    };
    const effects = { photos: keptOf(blobs), ...(input.draft === undefined ? {} : { drafts: [input.draft] }) };
    const { hash, seq } = await seal(phone, () => draft, effects);
    return { hash, seq, photosKept: kept };
  });
}

export function seen(world: World, target: TargetRef | null): TargetSeen | null {
  const known = target && targetOf(world, target);
  return known ? { kind: target.kind, id: target.id, version: known.version } : null;
}

/** The scan that the answers go with: the one named, if it is one, else the last of this stop. */
function scanFor({ scan, occurrence, stop }: AnswersInput): string | null {
  const named = scan === null ? undefined : entries.value.get(scan);
  if (named && isType(named.body, 'scan')) return scan;
  let last: { n: number; hash: string } | null = null;
  for (const { row, body } of entries.value.values()) {
    if (!isType(body, 'scan') || body.p.stop !== stop || body.p.occurrence !== occurrence) continue;
    if (body.p.result === 'known' && stop !== null && row.n > (last?.n ?? 0)) last = row;
  }
  return last?.hash ?? null;
}

/** The answers that fit their fields and are asked; photos are counted, texts stand beside the record. */
function valuesOf({ form, values, texts, photos, meters = {} }: AnswersInput): Record<string, Answer> {
  const found: Record<string, Answer> = {};
  for (const field of form.fields) {
    let answer: Answer | undefined = Object.hasOwn(values, field.id) ? values[field.id] : undefined;
    if (field.kind === 'photo') {
      const count = photos.filter((photo) => photo.field === field.id && photo.of === undefined).length;
      answer = count > 0 ? { photos: count } : undefined;
    } else if (field.kind === 'text') {
      // said aloud instead, where the form allows it
      if (textOf(texts, field.id) !== null) answer = { private: true };
      else if (answer && (typeof answer !== 'object' || !('seconds' in answer))) answer = undefined;
    } else if (field.kind === 'number' && typeof answer === 'string') {
      answer = foldNumber(answer) ?? undefined;
    }
    if (answer !== undefined && checkAnswer(field, answer) === null) found[field.id] = answer;
  }
  const asked = standings(form, found, meters).filter((one) => one.shown && one.answer !== undefined);
  return Object.fromEntries(asked.map((one) => [one.field.id, one.answer!]));
}

function privateOf({ form, texts, note }: AnswersInput): Record<string, string> {
  const parts: Record<string, string> = {};
  const written = noteOf(note);
  if (written !== null) parts['note'] = written;
  for (const field of form.fields) {
    const text = textOf(texts, field.id);
    if (text !== null) parts[`text.${field.id}`] = text;
  }
  return parts;
}

function textOf(texts: Record<string, string>, field: string): string | null {
  const text = Object.hasOwn(texts, field) ? cut(wellFormed(texts[field] ?? '').trim(), MOST_TEXT) : '';
  return text === '' ? null : text;
}
