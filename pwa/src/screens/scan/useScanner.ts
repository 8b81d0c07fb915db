/** The scanner's moving parts: camera, reader and the loop between them, as a hook. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { NoCamera, openCamera, type Camera, type CameraTrouble } from '../../camera/camera';
import { jpegOf } from '../../camera/photo';
import { startReader, type Found, type Reader } from '../../camera/reader';

/** A code that was read, with the very frame in which it was read. */
export type Hit = { text: string; frame: Uint8Array | null; method: 'camera' | 'photo' };

export type ScannerState = 'starting' | 'looking' | 'frozen' | CameraTrouble | 'engine';

export type Scanner = {
  state: ScannerState;
  video: { current: HTMLVideoElement | null };
  /** Holds the frame that was read, with the outline of its code. */
  frame: { current: HTMLCanvasElement | null };
  camera: Camera | null;
  /** Look again after a trouble. */
  retry: () => void;
  /** Read a picture instead of the camera; resolves to false when there is no code in it. */
  fromPhoto: (file: Blob) => Promise<boolean>;
};

/** How long a frame stands still after a hit, ms: long enough to see what was read. */
const FREEZE_MS = 300;
/** How long a code must be out of sight before the same one counts again, ms. */
const GONE_MS = 1500;
/** The pause between two looks, ms: a slow phone stays cool, a fast one still reads ten frames a second. */
const PAUSE_MS = 60;
/** A frame's longer side, px. */
const FRAME_SIDE = 1280;

/** Scan until the page is left. `onHit` is awaited: nothing new is read while a record is being made. */
export function useScanner(onHit: (hit: Hit) => Promise<void>): Scanner {
  const video = useRef<HTMLVideoElement>(null);
  const frame = useRef<HTMLCanvasElement>(null);
  const reader = useRef<Reader | null>(null);
  const hit = useRef(onHit);
  hit.current = onHit;
  const busy = useRef(false);
  const [state, setState] = useState<ScannerState>('starting');
  const [camera, setCamera] = useState<Camera | null>(null);
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    const stop = new AbortController();
    const picture = document.createElement('canvas');
    const seen = { text: '', at: 0 };
    let open: Camera | null = null;
    reader.current = startReader();

    const look = async (): Promise<void> => {
      const source = video.current;
      if (busy.current || !source || source.readyState < 2 || source.videoWidth === 0) return;
      const pixels = draw(source, source.videoWidth, source.videoHeight, picture);
      const found = await reader.current!.read(pixels);
      if (!found || stop.signal.aborted) return;
      const again = found.text === seen.text && performance.now() - seen.at < GONE_MS;
      seen.text = found.text;
      seen.at = performance.now();
      if (again || busy.current) return;
      busy.current = true;
      try {
        const jpeg = await jpegOf(picture);
        freeze(picture, found, frame.current);
        setState('frozen');
        const still = pause(FREEZE_MS);
        await hit.current({ text: found.text, frame: jpeg, method: 'camera' });
        await still;
      } finally {
        // the code that was just read is still before the lens
        seen.at = performance.now();
        busy.current = false;
        if (!stop.signal.aborted) setState('looking');
      }
    };

    const run = async (): Promise<void> => {
      setState('starting');
      try {
        open = await openCamera(video.current!);
        if (stop.signal.aborted) return open.close();
        setCamera(open);
        setState('looking');
      } catch (error) {
        return setState(error instanceof NoCamera ? error.why : 'busy');
      }
      while (!stop.signal.aborted) {
        try {
          await look();
        } catch {
          if (!stop.signal.aborted) setState('engine');
          return;
        }
        await pause(PAUSE_MS);
      }
    };
    void run();

    // a camera that runs while nobody looks drains the battery; phones end it anyway
    const visibility = (): void => {
      if (document.visibilityState === 'visible') setAttempt((n) => n + 1);
      else open?.close();
    };
    document.addEventListener('visibilitychange', visibility);
    return () => {
      document.removeEventListener('visibilitychange', visibility);
      stop.abort();
      open?.close();
      reader.current?.close();
      setCamera(null);
    };
  }, [attempt]);

  const fromPhoto = async (file: Blob): Promise<boolean> => {
    if (!reader.current || busy.current) return true;
    busy.current = true;
    try {
      const source = await createImageBitmap(file, { imageOrientation: 'from-image' });
      const canvas = document.createElement('canvas');
      const pixels = draw(source, source.width, source.height, canvas);
      source.close();
      const found = await reader.current.read(pixels);
      if (!found) return false;
      await hit.current({ text: found.text, frame: await jpegOf(canvas), method: 'photo' });
      return true;
    } catch {
      return false;
    } finally {
      busy.current = false;
    }
  };

  return { state, video, frame, camera, retry: () => setAttempt((n) => n + 1), fromPhoto };
}

/** Put a picture on the canvas, at most `FRAME_SIDE` long, and return its pixels. */
function draw(source: CanvasImageSource, width: number, height: number, canvas: HTMLCanvasElement): ImageData {
  const scale = Math.min(1, FRAME_SIDE / Math.max(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.drawImage(source, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Show the frame with the outline of its code; what is kept as evidence has no outline. */
function freeze(picture: HTMLCanvasElement, found: Found, onto: HTMLCanvasElement | null): void {
  const context = onto?.getContext('2d');
  if (!onto || !context) return;
  onto.width = picture.width;
  onto.height = picture.height;
  context.drawImage(picture, 0, 0);
  context.lineWidth = Math.max(4, picture.width / 120);
  context.lineJoin = 'round';
  context.strokeStyle = '#ffd60a';
  context.beginPath();
  found.corners.forEach(([x, y], i) => (i === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
  context.closePath();
  context.stroke();
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
