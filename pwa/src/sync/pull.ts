/**
 * What comes down: whole sites by snapshot, then what changed, page by page. A page and its bookmark are one
 * transaction, so it may stop anywhere and goes on there. A site is shown when it is whole, and goes on being shown
 * while it is fetched anew: nobody sees half a world.
 */
import { PULL_ANSWER, PULL_ROWS, SNAPSHOT_ANSWER } from '../protocol/messages';
import type { LogKey } from '../protocol/ports';
import type { PullState } from '../protocol/store';
import { apiOf, type NoAnswer } from './api';
import { inTurn } from './locks';
import type { Phone } from './phone';
import { disbelieved, type RoundEnd, type RoundState } from './state';

const HOUR_MS = 3_600_000;
/** A server that resets more often than this in an hour is not followed any more; records still go up. */
const RESETS = 3;

type Pulled = { full: true; reset: boolean } | Extract<RoundEnd, { full: false }>;
/** `over`: nothing more comes. `again`: there is more, or another tab has moved the bookmark. */
type PageEnd = 'over' | 'again' | NoAnswer;

export async function pull(phone: Phone, state: RoundState): Promise<Pulled> {
  const { store } = phone;
  const head = await store.head();
  const key = head && (await store.logKey(head.log));
  if (!key) throw new Error('the phone has not joined');
  let reset = false;
  for (;;) {
    if (state.signal.aborted) return { full: false, why: 'stopped' };
    const [bookmark, end] = await inTurn(phone, async () => {
      const mark = await store.pullState();
      return [mark, await (mark.coming === null ? changes(phone, key, mark) : whole(phone, key, mark, mark.coming))] as const;
    });
    if (end === 'over') return { full: true, reset };
    if (end === 'again') continue;
    if (end.status !== 409 || end.slug !== 'reset') return { full: false, why: end };
    if (!mayReset(phone, state)) return { full: false, why: { ...end, kind: 'server' } };
    await store.resetPull(bookmark);
    reset = true;
  }
}

/** The next page of what changed, or how the phone's sites change. */
async function changes(phone: Phone, key: LogKey, bookmark: PullState): Promise<PageEnd> {
  const { cursor, scopes } = bookmark;
  const answer = await apiOf(phone).call('pull', { cursor, scopes, limit: PULL_ROWS }, PULL_ANSWER, key);
  if (!answer.ok) return answer;
  const { rows, more, scopes: change } = answer.value;
  if (change && change.add.length + change.remove.length > 0) {
    await phone.store.applyPage(bookmark, [], withScopes(bookmark, answer.value.cursor, change));
    return 'again';
  }
  // a page that leads nowhere would be asked for ever
  if (more && answer.value.cursor === cursor) return disbelieved();
  const applied = await phone.store.applyPage(bookmark, rows, { ...bookmark, cursor: answer.value.cursor });
  return applied && !more ? 'over' : 'again';
}

/** The next page of a whole site; with the last one it is shown. */
async function whole(phone: Phone, key: LogKey, bookmark: PullState, scope: string): Promise<PageEnd> {
  const { cursor, scopes, resume } = bookmark;
  const request = { scope, cursor, scopes, resume, limit: PULL_ROWS };
  const answer = await apiOf(phone).call('snapshot', request, SNAPSHOT_ANSWER, key);
  if (!answer.ok) return answer;
  const { rows, resume: place } = answer.value;
  if (place === null ? answer.value.cursor === null : place === resume) return disbelieved();
  const next: PullState =
    place === null
      ? {
          ...bookmark,
          cursor: answer.value.cursor,
          scopes: [...scopes, scope],
          shown: [...new Set([...bookmark.shown, scope])],
          coming: null,
          resume: null,
        }
      : { ...bookmark, resume: place };
  await phone.store.applyPage(bookmark, rows, next);
  return 'again';
}

/** Let go of the sites that the phone may see no more, and begin with the first that it may see now. */
function withScopes(bookmark: PullState, cursor: string | null, { add, remove }: { add: string[]; remove: string[] }): PullState {
  const scopes = bookmark.scopes.filter((scope) => !remove.includes(scope));
  const granted = [...scopes, ...add];
  return {
    ...bookmark,
    cursor,
    scopes,
    shown: bookmark.shown.filter((scope) => granted.includes(scope)),
    coming: add[0] ?? null,
    resume: null,
  };
}

function mayReset({ clock }: Phone, state: RoundState): boolean {
  state.resets = state.resets.filter((at) => clock.mono() - at < HOUR_MS);
  if (state.resets.length >= RESETS) return false;
  state.resets.push(clock.mono());
  return true;
}
