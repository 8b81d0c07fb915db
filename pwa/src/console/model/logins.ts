/** How one gets in: password, second step, passkey, invitation; and what makes a log-in fresh again. */
import { get, Problem, send } from '../api';
import type { Session } from '../types';
import { usePasskey, type AskedOptions } from './passkeys';
import { enter, freshened } from './session';

/** The second step that is still to come: the token that goes on, and with what it can. */
export type Second = { attempt: string; totp: boolean; passkey: boolean };
type Asked = { attempt: string; options: AskedOptions };
type Begun = Session | Second;

function take(begun: Begun): Second | null {
  if ('attempt' in begun) return begun;
  enter(begun);
  return null;
}

/** Log in; what comes back is the second step, or null when that was all. @throws Problem `wrong-login`, `slow-down` */
export async function logIn(login: string, password: string): Promise<Second | null> {
  return take(await send<Begun>('POST', '/session', { login, password }));
}

/** Give six digits, or a recovery code. @throws Problem `wrong-factor`, `login-over`, `slow-down` */
export async function giveCode(attempt: string, code: string): Promise<void> {
  enter(await send<Session>('POST', '/session/code', { attempt, code: code.normalize('NFKC').trim() }));
}

/** Log in with a passkey: as the second step of `attempt`, or without a password. @throws Problem `passkey-off`, `wrong-factor` */
export async function givePasskey(attempt?: string): Promise<void> {
  const asked = await send<Asked>('POST', '/session/passkey/ask', attempt === undefined ? {} : { attempt });
  enter(await send<Session>('POST', '/session/passkey', { attempt: asked.attempt, credential: await usePasskey(asked.options) }));
}

export type FirstRun = { code: string; organisation: string; name: string; login: string; password: string };

/** Make the organisation and its first administrator. @throws Problem `first-run-over`, `wrong-code` */
export async function firstRun(body: FirstRun): Promise<void> {
  enter(await send<Session>('POST', '/first-run', body));
}

export type Welcome = { organisation: string; name: string; login: string | null };

/** Whom a link invites. @throws Problem `invitation-over` */
export async function lookAtInvitation(code: string): Promise<Welcome> {
  return send<Welcome>('POST', '/invitation/look', { code });
}

/** Use a link. @throws Problem `invitation-over`, `login-taken` */
export async function acceptInvitation(body: { code: string; password: string; login?: string }): Promise<Second | null> {
  return take(await send<Begun>('POST', '/invitation/accept', body));
}

/** Give the password again. @throws Problem `wrong-login`, `slow-down` */
export async function refresh(password: string): Promise<void> {
  freshened(await send<Session>('POST', '/session/refresh', { password }));
}

/** Give a passkey in the place of the password. @throws Problem `passkey-off`, `wrong-factor` */
export async function refreshWithPasskey(): Promise<void> {
  const asked = await send<Asked>('POST', '/session/refresh/ask');
  freshened(await send<Session>('POST', '/session/refresh', { attempt: asked.attempt, credential: await usePasskey(asked.options) }));
}

/** Ask again who is logged in, after what they may do has changed. */
export async function reloadSession(): Promise<void> {
  try {
    enter(await get<Session>('/session'));
  } catch (error) {
    // it ended meanwhile, or there is no network: whatever the page asks next says so
    if (!(error instanceof Problem)) throw error;
  }
}
