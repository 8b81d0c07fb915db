/** Opens the console at an address, logged in, with the fake server behind it; and what a person does there. */
import { act, configure, fireEvent, render } from '@testing-library/preact';
import { vi } from 'vitest';
import { App } from '../App';
import { hush } from '../model/notice';
import { loadSession, watchSession } from '../model/session';
import { followAddress, go } from '../route';
import type { Role, Session } from '../types';
import { MAY, session, SITE } from './estate';
import { serve, type Answered, type Call } from './fake';

export { SITE } from './estate';

// a page's code is fetched when it is opened, and the machine may be busy
configure({ asyncUtilTimeout: 10_000 });
vi.setConfig({ testTimeout: 30_000 });

/** The address of a page of the invented site. */
export const at = (rest: string) => `#/sites/${SITE}/${rest}`;

/** Open the console at `hash`; `special` answers before the estate does. */
export async function open(hash: string, special?: (call: Call) => Answered | undefined) {
  const calls = serve(special);
  location.hash = hash;
  followAddress();
  watchSession();
  hush();
  await loadSession();
  return { ...render(<App />), calls };
}

/** What the server answers to somebody who has one role at the invented site, and none elsewhere. */
export function as(role: Role): (call: Call) => Answered | undefined {
  const body: Session = { ...session, administrator: role === 'administrator', sites: [{ ...session.sites[0]!, role, may: MAY[role] }] };
  return (call) => (call.path === '/session' && call.method === 'GET' ? { status: 200, body } : undefined);
}

/** Press a button, follow a tick box. */
export async function press(element: Element): Promise<void> {
  await act(() => {
    fireEvent.click(element);
  });
}

/** Type into a field. */
export async function type(element: Element, value: string): Promise<void> {
  await act(() => {
    fireEvent.input(element, { target: { value } });
  });
}

/** Choose from a list. */
export async function choose(element: Element, value: string): Promise<void> {
  await act(() => {
    fireEvent.change(element, { target: { value } });
  });
}

/** Follow an address. */
export async function follow(href: string): Promise<void> {
  await act(() => go(href));
}

/** Let time pass under fake timers. */
export async function pass(ms: number): Promise<void> {
  await act(async () => {
    await vi.advanceTimersByTimeAsync(ms);
  });
}
