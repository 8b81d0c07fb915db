/** The pad that is signed on. What is kept is black on white, in both themes, and never on its side. */
import type SignaturePad from 'signature_pad';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** The longer side of what is kept, pixels. */
const LONG_SIDE = 1200;

export type Pad = {
  canvas: RefObject<HTMLCanvasElement | null>;
  /** Whether anything is on it. */
  drawn: boolean;
  /** Its code did not come, or no picture came out. */
  failed: boolean;
  /** Take the last line back. */
  undo: () => void;
  clear: () => void;
  /** Give the picture as a PNG. */
  take: (done: (png: Uint8Array) => void) => void;
};

/**
 * A pad for the canvas that `canvas` is set to. `wide`: a phone that is held upright is signed on from top to
 * bottom, and the picture is turned; what was drawn before a turn is gone, since it would stand on its side.
 */
export function usePad(wide: boolean): Pad {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [drawn, setDrawn] = useState(false);
  const [failed, setFailed] = useState(false);
  const shape = useRef('');

  const fit = (): void => {
    const surface = canvas.current!;
    const { clientWidth: width, clientHeight: height } = surface;
    const kept = shape.current === `${width} ${height}` ? (pad.current?.toData() ?? []) : [];
    shape.current = `${width} ${height}`;
    const scale = Math.min(window.devicePixelRatio || 1, LONG_SIDE / Math.max(width, height, 1));
    surface.width = Math.round(width * scale);
    surface.height = Math.round(height * scale);
    surface.getContext('2d')?.scale(scale, scale);
    pad.current?.clear();
    pad.current?.fromData(kept);
    setDrawn(kept.length > 0);
  };

  useEffect(() => {
    let gone = false;
    void import('signature_pad').then(
      ({ default: Pad }) => {
        if (gone) return;
        pad.current = new Pad(canvas.current!, { backgroundColor: '#ffffff', penColor: '#000000', minWidth: 1, maxWidth: 3 });
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
  useEffect(() => {
    if (pad.current) fit();
  }, [wide]);

  const put = (strokes: ReturnType<SignaturePad['toData']>): void => {
    pad.current?.clear();
    pad.current?.fromData(strokes);
    setDrawn(strokes.length > 0);
  };
  return {
    canvas,
    drawn,
    failed,
    undo: () => put((pad.current?.toData() ?? []).slice(0, -1)),
    clear: () => put([]),
    take: (done) => {
      const surface = canvas.current!;
      const upright = wide && surface.height > surface.width ? turned(surface) : surface;
      upright.toBlob((blob) => {
        if (!blob) setFailed(true);
        else void blob.arrayBuffer().then((bytes) => done(new Uint8Array(bytes)));
      }, 'image/png');
    },
  };
}

/** What was written from top to bottom, from left to right. */
export function turned(surface: HTMLCanvasElement): HTMLCanvasElement {
  const out = document.createElement('canvas');
  out.width = surface.height;
  out.height = surface.width;
  const to = out.getContext('2d');
  to?.translate(0, out.height);
  to?.rotate(-Math.PI / 2);
  to?.drawImage(surface, 0, 0);
  return out;
}
