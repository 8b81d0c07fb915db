/** Opens the console at an address, logged in, with the fake server behind it. */
import { render } from '@testing-library/preact';
import { App } from '../App';
import { followAddress } from '../route';
import { loadSession, watchSession } from '../model/session';
import { serve, type Answered, type Call } from './fake';
import { SITE } from './estate';

export { SITE } from './estate';

/** The address of a page of the invented site. */
export const at = (rest: string) => `#/sites/${SITE}/${rest}`;

/** Open the console at `hash`; `special` answers before the estate does. Resolves when the session is known. */
export async function open(hash: string, special?: (call: Call) => Answered | undefined) {
  const calls = serve(special);
  location.hash = hash;
  followAddress();
  watchSession();
  const view = render(<App />);
  await loadSession();
  return { ...view, calls };
}
