/** Pull: what changed at the site, page by page; a page and its bookmark are one transaction. */
import { PULL_ANSWER, PULL_ROWS } from '../protocol/messages';
import { apiOf } from './api';
import type { Phone } from './phone';
import { disbelieved, type RoundEnd, type RoundState } from './state';

const HOUR_MS = 3_600_000;
/** A server that resets more often than this in an hour is not asked any more; records still go up. */
const RESETS = 3;

type Pulled = { full: true; reset: boolean } | Extract<RoundEnd, { full: false }>;

export async function pull(phone: Phone, state: RoundState): Promise<Pulled> {
  const { store, clock } = phone;
  const head = await store.head();
  const key = head && (await store.logKey(head.log));
  if (!key) throw new Error('the phone has not joined');
  let reset = false;
  for (;;) {
    if (state.signal.aborted) return { full: false, why: 'stopped' };
    const bookmark = await store.pullState();
    const answer = await apiOf(phone).call('pull', { cursor: bookmark.cursor, limit: PULL_ROWS }, PULL_ANSWER, key);
    if (!answer.ok) {
      if (answer.status !== 409 || answer.slug !== 'reset') return { full: false, why: answer };
      state.resets = state.resets.filter((at) => clock.mono() - at < HOUR_MS);
      if (state.resets.length >= RESETS) return { full: false, why: { ...answer, kind: 'server' } };
      state.resets.push(clock.mono());
      await store.resetPull(bookmark);
      reset = true;
      continue;
    }
    const { rows, cursor, more } = answer.value;
    const applied = await store.applyPage(bookmark, rows, cursor, more);
    // false: another tab has moved the bookmark; go on from there
    if (!applied) continue;
    if (!more) return { full: true, reset };
    // a page that leads nowhere would be asked for ever
    if (cursor === bookmark.cursor) return { full: false, why: disbelieved() };
  }
}
