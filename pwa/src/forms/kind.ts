/**
 * What a field kind is on the screen. One file per kind in `kinds/`, one line in `index.ts`; what an answer must
 * look like and what it means is `protocol/forms/`.
 */
import type { ComponentType } from 'preact';
import type { FormField, Label } from '../protocol/entities';
import type { MeterDefinition } from '../protocol/forms';
import type { Answer, BlobRole } from '../protocol/records';

/** A photo, voice note or signature of the form that is being filled in. `url` is where the browser shows it. */
export type FormPhoto = {
  key: string;
  field: string | null;
  bytes: Uint8Array;
  mime: string;
  at: number;
  url: string | null;
  /** Absent: a photo. */
  role?: Exclude<BlobRole, 'frame'>;
  /** This is the photo as it was taken, before that with this key was drawn on. */
  of?: string;
};
/** What a kind makes beside its answer. */
export type Made = { bytes: Uint8Array; mime: string; role: 'voice' | 'signature' };

/** The meter that a reading belongs to, as the phone knows it. */
export type MeterSeen = MeterDefinition & {
  id: string;
  edition: number;
  name: Label;
  last: { value: string; at_ms: number } | null;
  /** The most that it plausibly changes in an hour. */
  jump: string | null;
};
/** A part of the site's stock. */
export type PartSeen = { id: string; name: Label; number: string; unit: string };

/** What the screen knows that a field may need. */
export type Surroundings = {
  /** The meter that a field of kind `meter` names, at this place; null where the place has none. */
  meter: MeterSeen | null;
  parts: readonly PartSeen[];
  /** How a moment is written in the site's zone. */
  clock: (ms: number) => string;
  now: number;
  /** Where the browser shows a picture that came down; null while the phone has not got it. */
  loadPicture: (sha256: string) => Promise<string | null>;
};

export type InputProps<F extends FormField = FormField> = Surroundings & {
  field: F;
  /** Whether it must be answered, now. */
  required: boolean;
  /** As given; of a computed field what it comes to. */
  answer: Answer | undefined;
  onAnswer: (answer: Answer | undefined) => void;
  /** What is written for this field: the text itself, a note on a fault, a name. */
  text: string;
  onText: (text: string) => void;
  photos: readonly FormPhoto[];
  onAddPhoto: (file: File) => void;
  onDropPhoto: (key: string) => void;
  /** Draw onto a photo; absent where nobody may. */
  onMarkUp: (key: string) => void;
  /** The voice note or signature. */
  made: FormPhoto | null;
  onMade: (made: Made | null) => void;
  /** The last photo that was chosen could not be read. */
  badPhoto: boolean;
  /** Open the kind's own page, if it has one. */
  onOpen: () => void;
};

export type PageProps<F extends FormField = FormField> = Surroundings &
  Pick<InputProps<F>, 'field' | 'answer' | 'text' | 'onText' | 'onMade'> & {
    /** Where the person stands, as a second line. */
    place: string;
    /** Called with the answer, or with undefined when nothing is to change. */
    onDone: (answer: Answer | undefined) => void;
  };

export type Kind<F extends FormField = FormField> = {
  kind: F['kind'];
  /** The field in the list. */
  Input: ComponentType<InputProps<F>>;
  /** The field on a page of its own: the number pad, the signature. */
  Page?: ComponentType<PageProps<F>>;
};

/** The element that the dock leads to when `field` is what is missing. */
export function anchorOf(field: string): string {
  return `field-${field}`;
}
