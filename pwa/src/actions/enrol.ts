/** A phone joins a site. */
import { isCode } from '../protocol/enrolment';
import { running } from '../state/running';
import { askState, join } from '../sync/join';
import { askToKeep, capabilities } from './capabilities';
import { ActionError, act, problemOf } from './problem';

/** Ask to join with the supervisor's code. May be repeated: the same code keeps the same keys. */
export function enrol(code: string, name: string): Promise<void> {
  return act(async () => {
    const typed = code.trim();
    if (!isCode(typed)) throw new ActionError('enrolment-over');
    await askToKeep();
    const joined = await join(running().phone, typed, name.trim(), await capabilities());
    if (!joined.ok) throw problemOf(joined);
  });
}

/** Ask whether the supervisor has confirmed; `phase` then moves on by itself. Without a network nothing happens. */
export function pollEnrolment(): Promise<void> {
  return act(async () => {
    const { phone, engine } = running();
    const answer = await askState(phone);
    if (answer.ok && answer.value === 'active') engine.wake('press');
    if (!answer.ok && answer.kind === 'refused') throw problemOf(answer);
  });
}
