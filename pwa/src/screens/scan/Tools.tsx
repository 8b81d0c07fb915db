import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/t';
import { Icon } from '../../ui/Icon';
import type { Scanner } from './useScanner';

export type ToolsProps = {
  scanner: Scanner;
  /** There was no code in the photo. */
  onNone: () => void;
  /** One tool more. */
  more?: ComponentChildren;
};

/** Torch and zoom where the phone has them, and a photo for those whose camera the browser cannot show. */
export function Tools({ scanner, onNone, more }: ToolsProps) {
  const [torch, setTorch] = useState(false);
  const [zoom, setZoom] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const { camera, fromPhoto } = scanner;
  return (
    <div class="scanner__bar">
      {camera?.torch && (
        <button type="button" aria-pressed={torch} onClick={() => void camera.torch!(!torch).then(() => setTorch(!torch))}>
          <Icon name="torch" />
          {t(torch ? 'scan.torch.on' : 'scan.torch.off')}
        </button>
      )}
      {camera?.zoom && (
        <button type="button" aria-pressed={zoom} onClick={() => void camera.zoom!(!zoom).then(() => setZoom(!zoom))}>
          <Icon name="zoom" />
          {t(zoom ? 'scan.zoom.on' : 'scan.zoom.off')}
        </button>
      )}
      <button type="button" onClick={() => input.current?.click()}>
        <Icon name="camera" />
        {t('scan.photo')}
      </button>
      <input
        ref={input}
        hidden
        aria-label={t('scan.photo')}
        type="file"
        accept="image/*"
        capture="environment"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) void fromPhoto(file).then((read) => !read && onNone());
        }}
      />
      {more}
    </div>
  );
}
