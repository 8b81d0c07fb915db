/** What is being typed into a form, and what the server said about it. */
import { useState } from 'preact/hooks';
import type { Problem } from '../api';
import { asProblem } from '../model/load';
import { fieldSentence } from '../words';

export type Draft<T> = {
  value: T;
  set: (changes: Partial<T>) => void;
  /** What is wrong at a field, by its path (`name.zh`), or null. */
  errorAt: (path: string) => string | null;
  /** The paths that have an error, for a form that shows only some of them. */
  problem: Problem | null;
  busy: boolean;
  /** Run `act` once at a time; its refusal stays at the fields until the next try. */
  submit: (act: (value: T) => Promise<void>) => Promise<void>;
  /** Whether something was changed. */
  touched: boolean;
};

/** A form's draft, begun with `initial`. */
export function useForm<T extends object>(initial: T): Draft<T> {
  const [value, setValue] = useState(initial);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [touched, setTouched] = useState(false);

  async function submit(act: (value: T) => Promise<void>): Promise<void> {
    if (busy) return;
    setBusy(true);
    setProblem(null);
    try {
      await act(value);
      setTouched(false);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }

  return {
    value,
    set: (changes) => {
      setTouched(true);
      setValue((was) => ({ ...was, ...changes }));
    },
    errorAt: (path) => {
      const said = problem?.errors[path];
      return said === undefined ? null : fieldSentence(said);
    },
    problem,
    busy,
    submit,
    touched,
  };
}
