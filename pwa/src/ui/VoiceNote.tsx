/** A voice note: tap to begin, tap to end, by itself after ten seconds. No holding down: gloves slip. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/t';
import { Button } from './Button';
import { usePlayer } from './player';
import { Note } from './Saved';

/** How long a note may be, s. */
export const MOST_SECONDS = 10;
const BITS_PER_SECOND = 32_000;
const TICK_MS = 100;
/** What phones can record and the server takes, the best first. */
const TYPES = ['audio/webm;codecs=opus', 'audio/webm', 'audio/mp4'];

export type Voice = { bytes: Uint8Array; mime: string; seconds: number };

export type VoiceNoteProps = {
  /** The id of the question's element. */
  labelledBy: string;
  /** What was said; null while there is nothing. */
  note: { url: string | null; seconds: number } | null;
  onMade: (voice: Voice) => void;
  onDrop: () => void;
};

/** Records, plays and forgets one note. */
export function VoiceNote({ labelledBy, note, onMade, onDrop }: VoiceNoteProps) {
  const { elapsed, failed, begin, end } = useRecorder(onMade);
  const { playing, play, pause } = usePlayer(note?.url ?? null);
  const left = elapsed === null ? 0 : Math.max(0, Math.ceil(MOST_SECONDS - elapsed));

  if (elapsed !== null) {
    return (
      <div class="voice" role="group" aria-labelledby={labelledBy}>
        <progress class="voice__bar" max={MOST_SECONDS} value={elapsed} aria-label={t('voice.recording')} />
        <p class="voice__left num" role="timer">
          {t('voice.left', { n: left })}
        </p>
        <Button kind="bad" icon="stop" onPress={end}>
          {t('voice.stop')}
        </Button>
      </div>
    );
  }
  return (
    <div class="voice" role="group" aria-labelledby={labelledBy}>
      {failed && (
        <Note tone="warn" icon="rc-attention" live>
          {t('voice.none')}
        </Note>
      )}
      {note === null ? (
        <Button icon="mic" onPress={() => void begin()}>
          {t('voice.start', { n: MOST_SECONDS })}
        </Button>
      ) : (
        <>
          <Button icon={playing ? 'stop' : 'play'} onPress={playing ? pause : play}>
            {t(playing ? 'voice.pause' : 'voice.play', { n: note.seconds })}
          </Button>
          <div class="voice__row">
            <Button kind="quiet" icon="mic" onPress={() => void begin()}>
              {t('voice.again')}
            </Button>
            <Button kind="quiet" icon="bin" onPress={onDrop}>
              {t('voice.drop')}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function useRecorder(onMade: (voice: Voice) => void) {
  const [elapsed, setElapsed] = useState<number | null>(null);
  const [failed, setFailed] = useState(false);
  const running = useRef<MediaRecorder | null>(null);
  const made = useRef(onMade);
  made.current = onMade;

  const end = (): void => {
    if (running.current?.state === 'recording') running.current.stop();
  };

  const begin = async (): Promise<void> => {
    if (running.current) return;
    setFailed(false);
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
      const mimeType = TYPES.find((type) => MediaRecorder.isTypeSupported(type));
      const recorder = new MediaRecorder(stream, { audioBitsPerSecond: BITS_PER_SECOND, ...(mimeType ? { mimeType } : {}) });
      running.current = recorder;
      const parts: Blob[] = [];
      let from = performance.now();
      const tick = setInterval(() => {
        const seconds = (performance.now() - from) / 1000;
        setElapsed(seconds);
        if (seconds >= MOST_SECONDS) end();
      }, TICK_MS);
      recorder.onstart = () => {
        from = performance.now();
      };
      recorder.ondataavailable = ({ data }) => parts.push(data);
      recorder.onstop = () => {
        const seconds = Math.min(MOST_SECONDS, Math.max(1, Math.round((performance.now() - from) / 1000)));
        clearInterval(tick);
        for (const track of stream.getTracks()) track.stop();
        running.current = null;
        setElapsed(null);
        const blob = new Blob(parts, { type: recorder.mimeType.split(';')[0] ?? '' });
        void blob.arrayBuffer().then((bytes) => {
          if (bytes.byteLength === 0) setFailed(true);
          else made.current({ bytes: new Uint8Array(bytes), mime: blob.type, seconds });
        });
      };
      recorder.start();
      setElapsed(0);
    } catch {
      // no microphone, or not allowed: the words say what to do, and writing is still there
      setFailed(true);
    }
  };

  useEffect(() => {
    // a phone that is locked or rings ends the note; what was said until then is kept
    const hide = (): void => {
      if (document.visibilityState === 'hidden') end();
    };
    document.addEventListener('visibilitychange', hide);
    return () => {
      document.removeEventListener('visibilitychange', hide);
      end();
    };
  }, []);

  return { elapsed, failed, begin, end };
}
