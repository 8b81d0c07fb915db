/** What goes from the phone after a full round: what the server has had for long, and what its backups hold. */
import { bestTime, type Phone } from './phone';

const DAY_MS = 86_400_000;
/** A record that a backup holds stays this long all the same: a person looks at the week's work, ms. */
const ARCHIVED_MS = 7 * DAY_MS;
/** A record that only the server has said to hold, ms. */
const STORED_MS = 90 * DAY_MS;

/** Note how far a log is archived, as `hello` told it. */
export async function noteArchived(phone: Phone, log: string, through: number): Promise<void> {
  const known = (await phone.store.get('archived')) ?? {};
  // a server that was set back has fewer backups, too
  if (known[log] !== through) await phone.store.put('archived', { ...known, [log]: through });
}

/** Drop what need not be kept, and what was erased; see docs/protocol/records.md. Never anything unsent. */
export async function retire(phone: Phone): Promise<void> {
  const now = await bestTime(phone);
  await phone.store.forgetErased();
  await phone.store.retire((await phone.store.get('archived')) ?? {}, now - ARCHIVED_MS, now - STORED_MS);
}
