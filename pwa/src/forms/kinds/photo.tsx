import { useId } from 'preact/hooks';
import { t } from '../../i18n/t';
import { photosNeeded } from '../../protocol/forms';
import type { PhotoField } from '../../protocol/entities';
import type { InputProps, Kind } from '../kind';
import { Ask, FieldPhotos } from '../shared';

function Input(props: InputProps<PhotoField>) {
  const { field, answer, photos, onAddPhoto, onDropPhoto, onMarkUp, clock, badPhoto } = props;
  const id = useId();
  const least = photosNeeded(field, answer);
  const aside = least > 0 ? t('form.photo', { n: least, m: photos.length }) : t('form.photo.any', { m: photos.length });
  return (
    <Ask of={props} id={id} aside={aside}>
      <FieldPhotos
        photos={photos}
        onAddPhoto={onAddPhoto}
        onDropPhoto={onDropPhoto}
        clock={clock}
        badPhoto={badPhoto}
        cameraOnly={field.camera_only ?? false}
        {...(field.mark_up ? { onMarkUp } : {})}
      />
    </Ask>
  );
}

/** Photos; how many there are is the answer. */
export const photo: Kind<PhotoField> = { kind: 'photo', Input };
