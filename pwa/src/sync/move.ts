/** The phone is given to another site. */
import type { HelloAnswer } from '../protocol/messages';
import type { Phone } from './phone';
import { seal } from './seal';

/**
 * Work for the site that the server names. Whoever is signed in belongs to the site before, so their shift ends and
 * the phone is locked; what was recorded stays, and is still sent. It may stop half-way: the next `hello` repeats it.
 */
export async function followSite(phone: Phone, site: HelloAnswer['device']['site']): Promise<void> {
  const { store } = phone;
  const device = await store.get('device');
  if (!device || !site) return;
  const { id, name } = device.site;
  if (id === site.id && name.zh === site.name.zh && name.en === site.name.en) return;
  const session = id === site.id ? null : await store.get('session');
  if (session) {
    const end = { type: 'shift.end', actor: session.person, site: id, p: { reason: 'moved' } } as const;
    await seal(phone, () => end, { session: null });
  }
  const now = await store.get('device');
  if (now) await store.put('device', { ...now, site: { id: site.id, name: site.name } });
}
