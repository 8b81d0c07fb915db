/** Who is logged in, and the question for the password before something that cannot be undone. */
import { computed, signal, type ReadonlySignal } from '@preact/signals';
import { get, onSession, Problem, send } from '../api';
import { place } from '../route';
import type { Session, SiteRef } from '../types';
import { hush } from './notice';
import { lastSite } from './prefs';

/** `asking` before the first answer; `away` when the server does not answer. */
export type SessionState =
  | { is: 'asking' }
  | { is: 'away'; problem: Problem }
  | { is: 'out'; firstRun: boolean; ended: boolean }
  | { is: 'in'; session: Session };

const state = signal<SessionState>({ is: 'asking' });
/** Whether somebody is logged in. */
export const sessionState: ReadonlySignal<SessionState> = state;

/** The session; only pages that are shown to somebody who is logged in ask for it. */
export const session: ReadonlySignal<Session> = computed(() => {
  if (state.value.is !== 'in') throw new Error('nobody is logged in');
  return state.value.session;
});

/** The site that the address names, or null when it is not one of this person's. */
export const site: ReadonlySignal<SiteRef | null> = computed(() =>
  state.value.is === 'in' ? (state.value.session.sites.find((one) => one.id === place.value.site) ?? null) : null,
);

/** The site whose pages the rail offers: that of the address, else the one that was looked at last. */
export const railSite: ReadonlySignal<SiteRef | null> = computed(() => {
  if (site.value || state.value.is !== 'in') return site.value;
  const { sites } = state.value.session;
  return sites.find((one) => one.id === lastSite()) ?? sites[0] ?? null;
});

/** Ask the server who is logged in. */
export async function loadSession(): Promise<void> {
  try {
    state.value = { is: 'in', session: await get<Session>('/session') };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    state.value =
      error.slug === 'not-logged-in'
        ? { is: 'out', firstRun: error.members['first_run'] === true, ended: false }
        : { is: 'away', problem: error };
  }
}

/** Somebody is logged in. */
export function enter(session: Session): void {
  state.value = { is: 'in', session };
}

/** Log out; the page shows the log-in also when the server was not reached. */
export async function logOut(): Promise<void> {
  try {
    await send('DELETE', '/session');
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.slug !== 'not-logged-in') throw error;
  }
  hush();
  state.value = { is: 'out', firstRun: false, ended: false };
}

type Question = { answer: (fresh: boolean) => void };
const question = signal<Question | null>(null);

/** Whether the password is being asked for. */
export const askingPassword: ReadonlySignal<boolean> = computed(() => question.value !== null);

/** The log-in is fresh again: what waited for it goes on. */
export function freshened(session: Session): void {
  enter(session);
  question.value?.answer(true);
  question.value = null;
}

/** Leave the password unasked; the act that wanted it is not done. */
export function giveUpPassword(): void {
  question.value?.answer(false);
  question.value = null;
}

/** Connect the API with the session. */
export function watchSession(): void {
  onSession({
    onLoggedOut: () => {
      giveUpPassword();
      if (state.peek().is === 'in') state.value = { is: 'out', firstRun: false, ended: true };
    },
    onFreshLogin: () => new Promise((answer) => (question.value = { answer })),
  });
}
