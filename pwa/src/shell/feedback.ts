/** What a scan sounds and feels like. Tones are made here, without files; nothing is told by sound alone. */

/** What happened. */
export type Happening = 'read' | 'saved' | 'fault' | 'unknown' | 'failed';

type Tone = { hz: number; toHz?: number; from: number; ms: number };

const BUZZ: Record<Happening, number[]> = {
  read: [40],
  saved: [40, 60, 40],
  fault: [200],
  unknown: [120, 80, 120],
  failed: [400, 150, 400, 150, 400],
};

const RISING: Tone[] = [
  { hz: 880, from: 0, ms: 90 },
  { hz: 1320, from: 90, ms: 90 },
];

const TONES: Record<Happening, Tone[]> = {
  read: [{ hz: 1800, from: 0, ms: 60 }],
  saved: RISING,
  fault: [...RISING, { hz: 440, from: 220, ms: 220 }],
  unknown: [
    { hz: 330, from: 0, ms: 120 },
    { hz: 330, from: 200, ms: 120 },
  ],
  failed: [
    { hz: 660, toHz: 220, from: 0, ms: 500 },
    { hz: 660, toHz: 220, from: 600, ms: 500 },
    { hz: 660, toHz: 220, from: 1200, ms: 500 },
  ],
};

let audio: AudioContext | null = null;

/** Make a person feel and, with `sound`, hear what happened. Returns whether the phone could buzz. */
export function feedback(what: Happening, sound: boolean): boolean {
  if (sound) play(TONES[what]);
  return 'vibrate' in navigator && navigator.vibrate(BUZZ[what]);
}

function play(tones: readonly Tone[]): void {
  if (!('AudioContext' in globalThis)) return;
  audio ??= new AudioContext();
  // a phone lets a page sound only after a touch; until then the context sleeps and nothing is lost
  void audio.resume();
  for (const tone of tones) {
    const start = audio.currentTime + tone.from / 1000;
    const end = start + tone.ms / 1000;
    const wave = audio.createOscillator();
    const volume = audio.createGain();
    wave.frequency.setValueAtTime(tone.hz, start);
    if (tone.toHz !== undefined) wave.frequency.linearRampToValueAtTime(tone.toHz, end);
    volume.gain.setValueAtTime(0.0001, start);
    volume.gain.exponentialRampToValueAtTime(0.4, start + 0.01);
    volume.gain.setValueAtTime(0.4, Math.max(start + 0.01, end - 0.02));
    volume.gain.exponentialRampToValueAtTime(0.0001, end);
    wave.connect(volume).connect(audio.destination);
    wave.start(start);
    wave.stop(end);
  }
}
