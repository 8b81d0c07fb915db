/** Playing a short sound: one button, no bar. */
import { useEffect, useRef, useState } from 'preact/hooks';

export type Player = { playing: boolean; play: () => void; pause: () => void };

/** Plays what lies at `url`; null: nothing yet. It falls silent when the page goes. */
export function usePlayer(url: string | null): Player {
  const [playing, setPlaying] = useState(false);
  const player = useRef<HTMLAudioElement | null>(null);
  useEffect(() => {
    if (url === null) return undefined;
    const audio = new Audio(url);
    const stopped = (): void => setPlaying(false);
    audio.addEventListener('pause', stopped);
    audio.addEventListener('ended', stopped);
    player.current = audio;
    return () => {
      audio.pause();
      player.current = null;
    };
  }, [url]);
  const play = (): void => {
    setPlaying(true);
    void player.current?.play().catch(() => setPlaying(false));
  };
  return { playing, play, pause: () => player.current?.pause() };
}
