/** A signature, drawn with a finger on a page of its own. */
import type SignaturePad from 'signature_pad';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/t';
import { Button } from '../Button';
import { Field } from '../Field';
import { Note } from '../Saved';
import { Dock, DockRow, Screen } from '../Screen';

/** The longer side of what is kept, pixels. */
const LONG_SIDE = 1200;

export type SignatureProps = {
  title: string;
  sub?: string;
  /** Who signs, in letters; absent where nobody asks for it. */
  name?: { value: string; onChange: (name: string) => void };
  onDone: (png: Uint8Array) => void;
  onCancel: () => void;
};

/** Draw, begin again, take it. What is kept is black on white, in both themes. */
export function Signature({ title, sub, name, onDone, onCancel }: SignatureProps) {
  const id = useId();
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [drawn, setDrawn] = useState(false);
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const surface = canvas.current!;
    let gone = false;
    const fit = (): void => {
      const scale = Math.min(window.devicePixelRatio || 1, LONG_SIDE / Math.max(surface.clientWidth, surface.clientHeight, 1));
      const data = pad.current?.toData() ?? [];
      surface.width = Math.round(surface.clientWidth * scale);
      surface.height = Math.round(surface.clientHeight * scale);
      surface.getContext('2d')?.scale(scale, scale);
      pad.current?.clear();
      pad.current?.fromData(data);
    };
    void import('signature_pad').then(
      ({ default: Pad }) => {
        if (gone) return;
        pad.current = new Pad(surface, { backgroundColor: '#ffffff', penColor: '#000000', minWidth: 1, maxWidth: 3 });
        pad.current.addEventListener('endStroke', () => setDrawn(true));
        fit();
      },
      () => setFailed(true),
    );
    window.addEventListener('resize', fit);
    return () => {
      gone = true;
      window.removeEventListener('resize', fit);
      pad.current?.off();
    };
  }, []);

  const take = (): void => {
    canvas.current!.toBlob((blob) => {
      if (!blob) setFailed(true);
      else void blob.arrayBuffer().then((bytes) => onDone(new Uint8Array(bytes)));
    }, 'image/png');
  };

  return (
    <Screen
      small
      close
      onBack={onCancel}
      title={title}
      {...(sub === undefined ? {} : { sub })}
      dock={
        <Dock plain>
          <DockRow>
            <Button
              icon="erase"
              onPress={() => {
                pad.current?.clear();
                setDrawn(false);
              }}
            >
              {t('ink.again')}
            </Button>
            {drawn && (
              <Button kind="main" icon="check" onPress={take}>
                {t('ink.sign')}
              </Button>
            )}
          </DockRow>
        </Dock>
      }
    >
      {failed && (
        <Note tone="bad" icon="rc-attention" live>
          {t('ink.failed')}
        </Note>
      )}
      {name && (
        <Field questionId={`${id}q`} htmlFor={id} question={t('ink.name')}>
          <input id={id} type="text" autocomplete="off" maxLength={100} value={name.value} onInput={(event) => name.onChange(event.currentTarget.value)} />
        </Field>
      )}
      <div class="ink">
        <canvas ref={canvas} class="ink__pad" role="img" aria-label={t(drawn ? 'ink.signed' : 'ink.here')} />
        {!drawn && (
          <p class="ink__hint" aria-hidden="true">
            {t('ink.here')}
          </p>
        )}
      </div>
    </Screen>
  );
}
