/**
 * Maps of the site come down, after everything that is evidence went up: one by one, by their hash. Nothing waits for
 * them, and a phone without room goes without.
 */
import { b64urlDecode, sha256Hex } from '../protocol/encoding';
import { PICTURE_ANSWER, PICTURE_BYTES } from '../protocol/messages';
import { bodyOf } from '../protocol/shapes';
import { apiOf } from './api';
import { inTurn } from './locks';
import type { Phone } from './phone';
import type { RoundState } from './state';

/** What a phone keeps of pictures at most, bytes. */
const MOST_BYTES = 8_388_608;

/** Fetch the pictures that rows name and this phone lacks; drop those that none names any more. */
export async function fetchPictures(phone: Phone, state: RoundState): Promise<void> {
  await inTurn(phone, () => fetchAll(phone, state));
}

async function fetchAll(phone: Phone, state: RoundState): Promise<void> {
  const { store } = phone;
  const head = await store.head();
  const key = head && (await store.logKey(head.log));
  if (!key) return;
  const wanted = await wantedPictures(phone);
  await store.dropPictures(wanted);
  const kept = await store.pictures();
  let bytes = kept.reduce((sum, one) => sum + one.size, 0);
  for (const sha256 of wanted) {
    if (state.signal.aborted) return;
    if (kept.some((one) => one.sha256 === sha256)) continue;
    const answer = await apiOf(phone).call('picture', { sha256 }, PICTURE_ANSWER, key);
    if (!answer.ok) {
      // this one is gone meanwhile, or something stands between: the others wait for a better moment
      if (answer.kind === 'refused') continue;
      return;
    }
    const picture = b64urlDecode(answer.value.data);
    const isIt = picture !== null && picture.length <= PICTURE_BYTES && (await sha256Hex(phone.crypto, picture)) === sha256;
    if (!isIt) continue;
    bytes += picture.length;
    if (bytes > MOST_BYTES || !(await store.keepPicture(sha256, picture))) return;
  }
}

/** The pictures of the maps of the sites that are shown, in the site's order. */
async function wantedPictures({ store }: Phone): Promise<Set<string>> {
  const maps = (await store.rows())
    .filter((row) => row.kind === 'map' && row.body !== null)
    .map((row) => bodyOf('map', row.body))
    .filter((body) => body !== null)
    .sort((a, b) => a.number - b.number);
  return new Set(maps.map((map) => map.image.sha256));
}
