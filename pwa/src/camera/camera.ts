/** The phone's camera as the scanner needs it: the back one, with torch and zoom where the track has them. */

/** Why there is no picture. */
export type CameraTrouble = 'denied' | 'none' | 'busy' | 'insecure';

/** Thrown by `openCamera`. */
export class NoCamera extends Error {
  readonly why: CameraTrouble;

  constructor(why: CameraTrouble) {
    super(why);
    this.why = why;
  }
}

export type Camera = {
  /** Switch the light; absent where the phone cannot. */
  torch?: (on: boolean) => Promise<void>;
  /** Twice as near, or not; absent where the phone cannot. */
  zoom?: (on: boolean) => Promise<void>;
  /** End it and give the camera back. */
  close: () => void;
};

// what browsers know of a track beyond the standard types
type More = { torch?: boolean; zoom?: { min: number; max: number } };
type Wish = { advanced: { torch?: boolean; zoom?: number }[] };

/**
 * Show the camera in `video` and return its controls.
 *
 * @throws NoCamera with the reason when there is no picture to be had
 */
export async function openCamera(video: HTMLVideoElement): Promise<Camera> {
  const stream = await ask();
  const [track] = stream.getVideoTracks();
  const close = (): void => {
    for (const each of stream.getTracks()) each.stop();
    video.srcObject = null;
  };
  if (!track) {
    close();
    throw new NoCamera('none');
  }
  video.srcObject = stream;
  video.muted = true;
  video.playsInline = true;
  await video.play().catch(() => undefined);

  const can = (track.getCapabilities?.() ?? {}) as More;
  const wish = (one: Wish['advanced'][number]) =>
    track.applyConstraints({ advanced: [one] } as Wish as MediaTrackConstraints);
  const camera: Camera = { close };
  if (can.torch) camera.torch = (on) => wish({ torch: on });
  if (can.zoom && can.zoom.max >= 2) {
    const { min } = can.zoom;
    camera.zoom = (on) => wish({ zoom: on ? 2 : Math.max(1, min) });
  }
  return camera;
}

async function ask(): Promise<MediaStream> {
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices?.getUserMedia) throw new NoCamera(isSecureContext ? 'none' : 'insecure');
  try {
    return await devices.getUserMedia({
      audio: false,
      video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } },
    });
  } catch (error) {
    throw new NoCamera(troubleOf(error));
  }
}

function troubleOf(error: unknown): CameraTrouble {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'busy';
}
