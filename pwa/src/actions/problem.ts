/** What an act's refusal is called: `problem.<slug>` is its text. */
import { StoreError } from '../protocol/store';
import { upToDate } from '../state/refresh';
import { noRoom } from '../state/room';
import type { NoAnswer } from '../sync/api';

/** An act that could not be done. Nothing of it was saved. */
export class ActionError extends Error {
  constructor(
    readonly slug: string,
    options?: ErrorOptions,
  ) {
    super(slug, options);
    this.name = 'ActionError';
  }
}

/** Do an act: whatever it throws becomes an `ActionError`, and when it resolves the screens show what it saved. */
export async function act<T>(work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    await upToDate();
    return result;
  } catch (error) {
    throw error instanceof ActionError ? error : new ActionError(slugOf(error), { cause: error });
  }
}

/** As `act`, for what writes a record: when there is no room for one, nothing more is begun until there is. */
export function record<T>(work: () => Promise<T>): Promise<T> {
  return act(async () => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StoreError && error.kind === 'full') noRoom();
      throw error;
    }
  });
}

function slugOf(error: unknown): string {
  if (!(error instanceof StoreError)) return 'unknown';
  return { full: 'store-full', gone: 'store', keys: 'keys' }[error.kind];
}

/** The problem of a request that got no answer. */
export function problemOf(answer: NoAnswer): ActionError {
  if (answer.status === 429) return new ActionError('slow-down');
  if (answer.kind === 'refused') return new ActionError(answer.slug);
  return new ActionError(answer.kind === 'timeout' ? 'offline' : answer.kind);
}
