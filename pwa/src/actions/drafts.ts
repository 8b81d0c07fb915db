/** What is half filled, so that a phone that dies keeps it. */
import { running } from '../state/running';
import { act } from './problem';

/** Keep `value` under `key`; whatever was there is gone. */
export function saveDraft(key: string, value: unknown): Promise<void> {
  return act(() => running().phone.store.putDraft(key, value));
}

/** What was kept under `key`, or null. */
export function readDraft(key: string): Promise<unknown> {
  return act(() => running().phone.store.draft(key));
}

export function dropDraft(key: string): Promise<void> {
  return act(() => running().phone.store.dropDraft(key));
}
