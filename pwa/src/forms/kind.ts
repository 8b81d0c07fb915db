/**
 * What a field kind is on the screen. One file per kind in `kinds/`, one line in `index.ts`; what an answer must
 * look like and what it means is `protocol/forms.ts`.
 */
import type { ComponentType } from 'preact';
import type { FormField } from '../protocol/entities';
import type { Answer } from '../protocol/records';

/** A photo of the form that is being filled in. `url` is where the browser shows it. */
export type FormPhoto = { key: string; field: string | null; bytes: Uint8Array; mime: string; at: number; url: string | null };

export type InputProps<F extends FormField = FormField> = {
  field: F;
  answer: Answer | undefined;
  onAnswer: (answer: Answer | undefined) => void;
  /** What is written for this field: the text itself, or a note on a fault. */
  text: string;
  onText: (text: string) => void;
  photos: readonly FormPhoto[];
  onAddPhoto: (file: File) => void;
  onDropPhoto: (key: string) => void;
  /** How a moment is written in the site's zone. */
  clock: (ms: number) => string;
  /** The last photo that was chosen could not be read. */
  badPhoto: boolean;
  /** Open the kind's own page, if it has one. */
  onOpen: () => void;
};

export type PageProps<F extends FormField = FormField> = {
  field: F;
  answer: Answer | undefined;
  /** Where the person stands, as a second line. */
  place: string;
  /** Called with the answer, or with undefined when nothing is to change. */
  onDone: (answer: Answer | undefined) => void;
};

export type Kind<F extends FormField = FormField> = {
  kind: F['kind'];
  /** The field in the list. */
  Input: ComponentType<InputProps<F>>;
  /** The field on a page of its own: the number pad. */
  Page?: ComponentType<PageProps<F>>;
};

/** The element that the dock leads to when `field` is what is missing. */
export function anchorOf(field: string): string {
  return `field-${field}`;
}
