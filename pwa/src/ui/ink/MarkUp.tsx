/** Drawing onto a photo with a finger: circle, arrow, free line. The photo as it was taken is kept by whoever asks. */
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/t';
import { Button } from '../Button';
import { Answers } from '../choices';
import { Note } from '../Saved';
import { Dock, DockRow, Screen } from '../Screen';
import { draw, type Point, type Stroke, type Tool } from './strokes';

const QUALITY = 0.85;
/** The line's width as a part of the picture's longer side. */
const WIDTH = 1 / 110;

export type MarkUpProps = {
  title: string;
  /** The photo, as an address that an image takes. */
  url: string;
  onDone: (jpeg: Uint8Array) => void;
  onCancel: () => void;
};

/** The photo with what was drawn onto it; the last stroke can be taken back. */
export function MarkUp({ title, url, onDone, onCancel }: MarkUpProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const photo = useRef<HTMLImageElement | null>(null);
  const [tool, setTool] = useState<Tool>('circle');
  const [strokes, setStrokes] = useState<readonly Stroke[]>([]);
  const [failed, setFailed] = useState(false);
  const begun = useRef<Stroke | null>(null);
  const toolId = useId();

  const paint = (): void => {
    const surface = canvas.current;
    const to = surface?.getContext('2d');
    if (!surface || !to || !photo.current) return;
    to.drawImage(photo.current, 0, 0, surface.width, surface.height);
    const width = Math.max(surface.width, surface.height) * WIDTH;
    for (const stroke of begun.current ? [...strokes, begun.current] : strokes) draw(to, stroke, width);
  };

  useEffect(() => {
    const image = new Image();
    image.addEventListener('load', () => {
      photo.current = image;
      canvas.current!.width = image.naturalWidth;
      canvas.current!.height = image.naturalHeight;
      paint();
    });
    image.addEventListener('error', () => setFailed(true));
    image.src = url;
  }, [url]);
  useEffect(paint, [strokes]);

  const at = (event: PointerEvent): Point => {
    const surface = canvas.current!;
    const box = surface.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * surface.width, ((event.clientY - box.top) / box.height) * surface.height];
  };
  const end = (): void => {
    const stroke = begun.current;
    begun.current = null;
    if (stroke) setStrokes((before) => [...before, stroke]);
  };
  const take = (): void => {
    canvas.current!.toBlob(
      (blob) => {
        if (!blob) setFailed(true);
        else void blob.arrayBuffer().then((bytes) => onDone(new Uint8Array(bytes)));
      },
      'image/jpeg',
      QUALITY,
    );
  };

  return (
    <Screen
      small
      close
      onBack={onCancel}
      title={title}
      sub={t('ink.mark.how')}
      dock={
        <Dock plain>
          <p id={toolId} class="vh">
            {t('ink.tool')}
          </p>
          <Answers
            labelledBy={toolId}
            chosen={tool}
            onChoose={setTool}
            choices={[
              { value: 'circle', word: t('ink.circle') },
              { value: 'arrow', word: t('ink.arrow') },
              { value: 'free', word: t('ink.free') },
            ]}
          />
          <DockRow>
            <Button icon="erase" onPress={() => setStrokes((before) => before.slice(0, -1))}>
              {t('ink.undo')}
            </Button>
            {strokes.length > 0 && (
              <Button kind="main" icon="check" onPress={take}>
                {t('ink.take')}
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
      <canvas
        ref={canvas}
        class="ink__photo"
        role="img"
        aria-label={t('ink.mark.how')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          begun.current = { tool, points: [at(event)] };
        }}
        onPointerMove={(event) => {
          if (!begun.current) return;
          begun.current = { tool: begun.current.tool, points: [...begun.current.points, at(event)] };
          paint();
        }}
        onPointerUp={end}
        onPointerCancel={() => {
          begun.current = null;
          paint();
        }}
      />
    </Screen>
  );
}
