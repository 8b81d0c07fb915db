import type { ComponentChildren } from 'preact';
import type { Tone } from './State';

export type FieldProps = {
  /** The id of the question, which the control names as its label. */
  questionId: string;
  question: ComponentChildren;
  /** What stands at the right of the question: optional, last value, count of photos. */
  aside?: ComponentChildren;
  /** When the label belongs to a text field: its id. */
  htmlFor?: string;
  /** A frame and notes in this tone: red over alarm. */
  tone?: Tone;
  /** The element that the dock leads to when this field is what is missing. */
  anchor?: string;
  children: ComponentChildren;
};

/** A question and the control that answers it. */
export function Field({ questionId, question, aside, htmlFor, tone, anchor, children }: FieldProps) {
  const inside = (
    <>
      <span>{question}</span>
      {aside !== undefined && <small>{aside}</small>}
    </>
  );
  return (
    <section class={tone === 'bad' ? 'field field--bad' : 'field'} data-tone={tone} id={anchor} tabIndex={anchor ? -1 : undefined}>
      {htmlFor === undefined ? (
        <p class="field__q" id={questionId}>
          {inside}
        </p>
      ) : (
        <label class="field__q" id={questionId} for={htmlFor}>
          {inside}
        </label>
      )}
      {children}
    </section>
  );
}
