/** The board of a day, asked for every 15 seconds while somebody looks at it. */
import { useEffect, useState } from 'preact/hooks';
import { request, type Problem } from '../api';
import type { Board } from '../types';
import { asProblem } from './load';

const EVERY_MS = 15_000;

export type Watched = {
  board: Board | null;
  /** The last refusal; null when the last question was answered. */
  problem: Problem | null;
  /** When the server last answered, by this computer's clock, ms. */
  heardMs: number | null;
  /** The server's time now, ms. */
  nowMs: number;
};

/** Watch the board at `path`. An unchanged board costs one 304; a silent server leaves the last one standing. */
export function useBoard(path: string): Watched {
  const [seen, setSeen] = useState<Omit<Watched, 'nowMs'> & { path: string; ahead: number }>(() => empty(path));
  const [now, setNow] = useState(Date.now());

  useEffect(() => {
    const stop = new AbortController();
    let etag: string | null = null;
    setSeen(empty(path));

    async function ask(): Promise<void> {
      try {
        const answer = await request<Board>('GET', path, { etag, signal: stop.signal });
        if (stop.signal.aborted) return;
        const heardMs = Date.now();
        if (answer.status === 304) setSeen((was) => ({ ...was, problem: null, heardMs }));
        else setSeen({ path, board: answer.value, problem: null, heardMs, ahead: answer.value.now_ms - heardMs });
        etag = answer.etag ?? etag;
      } catch (error) {
        if (!stop.signal.aborted) setSeen((was) => ({ ...was, problem: asProblem(error) }));
      }
    }

    const askWhenSeen = () => {
      setNow(Date.now());
      if (document.visibilityState !== 'hidden') void ask();
    };
    void ask();
    const timer = setInterval(askWhenSeen, EVERY_MS);
    document.addEventListener('visibilitychange', askWhenSeen);
    return () => {
      stop.abort();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', askWhenSeen);
    };
  }, [path]);

  const mine = seen.path === path ? seen : empty(path);
  return { board: mine.board, problem: mine.problem, heardMs: mine.heardMs, nowMs: Math.max(now, mine.heardMs ?? 0) + mine.ahead };
}

function empty(path: string) {
  return { path, board: null, problem: null, heardMs: null, ahead: 0 };
}
