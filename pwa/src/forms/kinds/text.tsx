import { useId } from 'preact/hooks';
import { t } from '../../i18n/t';
import { MAX_TEXT } from '../../protocol/forms';
import type { TextField } from '../../protocol/entities';
import { Field } from '../../ui/Field';
import { anchorOf, type InputProps, type Kind } from '../kind';
import { Hint, Question } from '../shared';

function Input({ field, text, onText, onAnswer }: InputProps<TextField>) {
  const id = useId();
  const write = (next: string): void => {
    onText(next);
    // the text itself is a private part of the record; the answer says only that there is one
    onAnswer(next.trim() === '' ? undefined : { private: true });
  };
  return (
    <Field questionId={`${id}q`} htmlFor={id} question={<Question field={field} />} aside={field.required ? undefined : t('form.optional')} anchor={anchorOf(field.id)}>
      <Hint field={field} />
      <textarea
        id={id}
        rows={2}
        maxLength={Math.min(field.max ?? MAX_TEXT, MAX_TEXT)}
        value={text}
        onInput={(event) => write(event.currentTarget.value)}
      />
    </Field>
  );
}

/** A few words. */
export const text: Kind<TextField> = { kind: 'text', Input };
