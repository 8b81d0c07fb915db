import { useId } from 'preact/hooks';
import { t } from '../../i18n/t';
import { photosNeeded } from '../../protocol/forms';
import type { PhotoField } from '../../protocol/entities';
import { Field } from '../../ui/Field';
import { anchorOf, type InputProps, type Kind } from '../kind';
import { FieldPhotos, Hint, Question } from '../shared';

function Input(props: InputProps<PhotoField>) {
  const { field, answer, photos } = props;
  const id = useId();
  const least = photosNeeded(field, answer);
  const aside = least > 0 ? t('form.photo', { n: least, m: photos.length }) : t('form.photo.any', { m: photos.length });
  return (
    <Field questionId={id} question={<Question field={field} />} aside={aside} anchor={anchorOf(field.id)}>
      <Hint field={field} />
      <FieldPhotos {...props} />
    </Field>
  );
}

/** Photos; how many there are is the answer. */
export const photo: Kind<PhotoField> = { kind: 'photo', Input };
