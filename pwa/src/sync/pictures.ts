/**
 * Pictures of the site come down, after everything that is evidence went up: maps, guides of forms, photos of whoever asked for an order,
 * pages of papers, photos of assets; one by one, by their hash. Nothing waits for them, and a phone without room goes without.
 */
import { b64urlDecode, sha256Hex } from '../protocol/encoding';
import { PICTURE_ANSWER, PICTURE_BYTES } from '../protocol/messages';
import { UNDER_WAY } from '../protocol/orders/events';
import { bodyOf } from '../protocol/shapes';
import { apiOf } from './api';
import { inTurn } from './locks';
import type { Phone } from './phone';
import type { RoundState } from './state';

/** What a phone keeps of pictures at most, bytes. */
const MOST_BYTES = 67_108_864;
/** Papers by what is wanted first. */
const KINDS = ['procedure', 'standard', 'drawing', 'certificate', 'other'];

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

/** The pictures of the sites that are shown, what is needed most first: maps, guides of forms, orders, pages of papers, photos of assets. */
async function wantedPictures({ store }: Phone): Promise<Set<string>> {
  const rows = (await store.rows()).filter((row) => row.body !== null);
  const bodies = <K extends 'map' | 'form' | 'order' | 'document' | 'asset'>(kind: K) =>
    rows.filter((row) => row.kind === kind).map((row) => bodyOf(kind, row.body)).filter((body) => body !== null);
  const maps = bodies('map').sort((a, b) => a.number - b.number);
  const papers = bodies('document').sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.id.localeCompare(b.id));
  const photos = bodies('asset').filter((one) => !one.retired).map((one) => one.photo ?? null);
  const guides = bodies('form').flatMap((form) => form.fields.map((field) => field.guide?.picture?.sha256 ?? null));
  // small ones of every order, and what is looked at while there is work
  const asked = bodies('order').flatMap((order) => (order.photos ?? []).map((photo) => ({ ...photo, isGoing: UNDER_WAY.includes(order.state) })));
  return new Set([
    ...maps.map((map) => map.image.sha256),
    ...guides.filter((guide) => guide !== null),
    ...asked.map((photo) => photo.thumb),
    ...asked.filter((photo) => photo.isGoing).map((photo) => photo.sha256),
    ...papers.flatMap((paper) => paper.file.pages.map((page) => page.sha256)),
    ...photos.filter((photo) => photo !== null),
  ]);
}
