/** Asking the server for what a page shows, and telling apart: not yet, here, refused. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { get, Problem } from '../api';

/** `value` stays while it is asked for again, so that a page never goes blank under a reader. */
export type Loaded<T> = {
  value: T | null;
  problem: Problem | null;
  /** Ask again. */
  reload: () => void;
  /** Show `value` at once, as the answer to a change said it. */
  put: (value: T) => void;
};

/** What stands at `path` of the API; a null path asks nothing. */
export function useLoad<T>(path: string | null): Loaded<T> {
  const [state, setState] = useState<{ path: string | null; value: T | null; problem: Problem | null }>({ path, value: null, problem: null });
  const [turn, setTurn] = useState(0);

  useEffect(() => {
    if (path === null) return undefined;
    const stop = new AbortController();
    get<T>(path, stop.signal).then(
      (value) => setState({ path, value, problem: null }),
      (error: unknown) => {
        if (stop.signal.aborted) return;
        const problem = asProblem(error);
        setState((was) => ({ path, value: was.path === path ? was.value : null, problem }));
      },
    );
    return () => stop.abort();
  }, [path, turn]);

  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const put = useCallback((value: T) => setState({ path, value, problem: null }), [path]);
  const current = state.path === path;
  return { value: current ? state.value : null, problem: current ? state.problem : null, reload, put };
}

/** The refusal, or the error itself thrown on when it is none. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  throw error;
}
