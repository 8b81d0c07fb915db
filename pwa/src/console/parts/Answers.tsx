/** What stands where an answer of the server is missing: waiting, refused, nothing there. */
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import type { Problem } from '../api';
import type { Loaded } from '../model/load';
import { problemSentence } from '../words';

/** Nothing for a moment, then the word that the page is asking. */
export function Waiting() {
  const [long, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <p class="waiting" role="status">
      {long ? tc('answer.waiting') : ''}
    </p>
  );
}

export type FailureProps = { problem: Problem; onAgain?: (() => void) | undefined };

/** Why there is no answer, and the way to ask again. */
export function Failure({ problem, onAgain }: FailureProps) {
  return (
    <div role="alert">
      <Empty
        icon={problem.slug === 'offline' ? 'offline' : 'rc-attention'}
        title={problemSentence(problem)}
        act={onAgain && <Button onPress={onAgain}>{tc('answer.again')}</Button>}
      />
    </div>
  );
}

/** One line over something that still stands: the last act or the last question was refused. */
export function Refusal({ problem }: { problem: Problem | null }) {
  if (!problem) return null;
  return (
    <p class="refusal" role="alert" data-tone="bad">
      {problemSentence(problem)}
    </p>
  );
}

export type AskedProps<T> = { loaded: Pick<Loaded<T>, 'value' | 'problem' | 'reload'>; children: (value: T) => ComponentChildren };

/** What was asked for. Until it has come: that it is awaited, or why it did not come; what still stands keeps standing under a refusal. */
export function Asked<T>({ loaded: { value, problem, reload }, children }: AskedProps<T>) {
  if (value === null) return problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />;
  return (
    <>
      <Refusal problem={problem} />
      {children(value)}
    </>
  );
}
