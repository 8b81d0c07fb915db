/** Looking for room again, at a person's word. */
import { lookAtRoom } from '../state/room';
import { running } from '../state/running';
import { act } from './problem';

/** Look how much room there is now; `room` says it. */
export function lookAgain(): Promise<void> {
  return act(() => lookAtRoom(running().phone));
}

/** What was lost has been read: it need not be said again. The server is told all the same when a log begins anew. */
export function understood(): Promise<void> {
  return act(() => running().phone.store.drop('lost'));
}
