/** What a person does to a work order: one record each, made with or without a network, through the one way of saving. */
import type { OrderClass, TargetRef } from '../protocol/entities';
import { uuid4 } from '../protocol/ids';
import type { OrderPayloads, OrderRecordType, OrderResult } from '../protocol/orders';
import type { Draft } from '../protocol/records';
import { order } from '../state/orders';
import { seal } from '../sync/seal';
import { keepPictures, keptOf, type Picture, withBlobs } from './photos';
import { record } from './problem';
import { signedIn, type Acting } from './signedIn';
import type { PhotoInput, Saved } from './submitAnswers';
import { cut, noteOf } from './texts';

/** The most characters of the name of who signs. */
const MOST_NAME = 64;

/** What goes with an act, whichever it is. */
export type With = {
  note?: string | null;
  photos?: readonly PhotoInput[];
  /** Who signs, in letters. */
  name?: string | null;
  /** Records that must be there first: the scan, the checklist. */
  deps?: readonly string[];
};

type Of<T extends OrderRecordType> = Omit<OrderPayloads[T], 'order'>;

/** Keep an act on an order that is on this phone. Resolves when it is on the disk. */
export function actOnOrder<T extends Exclude<OrderRecordType, 'order.open'>>(id: string, type: T, members: Of<T>, goes: With = {}): Promise<Saved> {
  return record(async () => {
    const acting = signedIn();
    return put(acting, type, { order: id, ...members } as OrderPayloads[T], baseOf(id), goes);
  });
}

/** The version of the order that the phone shows; none where it opened it itself and it has not come down. */
function baseOf(id: string): Pick<Draft, 'base'> {
  const version = order(id).value?.version ?? null;
  return version === null ? {} : { base: { entity: id, version } };
}

async function put<T extends OrderRecordType>(
  { phone, actor, site, engine }: Acting,
  type: T,
  p: OrderPayloads[T],
  saw: Pick<Draft, 'base'>,
  goes: With,
): Promise<Saved> {
  const pictures: Picture[] = (goes.photos ?? []).map(({ role = 'photo', ...photo }) => ({ ...photo, field: null, role }));
  const { blobs, kept } = await keepPictures(phone, pictures);
  const note = noteOf(goes.note ?? null);
  const name = cut((goes.name ?? '').trim(), MOST_NAME);
  const deps = goes.deps ?? [];
  const draft = {
    type,
    actor,
    site,
    private: { ...(note === null ? {} : { note }), ...(name === '' ? {} : { name }) },
    ...(deps.length > 0 ? { deps: [...deps] } : {}),
    ...(saw.base ? { base: saw.base } : {}),
    ...withBlobs(blobs),
    p,
  } as unknown as Draft;
  const { hash, seq } = await seal(phone, () => draft, { photos: keptOf(blobs) });
  // the office waits for each step: no five seconds are lost
  engine.wake('press');
  return { hash, seq, photosKept: kept };
}

export type OpenInput = {
  target: TargetRef | null;
  class: OrderClass;
  urgency: 'normal' | 'urgent';
  /** Hash of the finding that it comes from. */
  finding: string | null;
  note: string | null;
  photos: readonly PhotoInput[];
  /** Whoever opens it does it now, and, with a result, has done it. */
  mine: boolean;
  result: OrderResult | null;
};
export type Opened = Saved & { order: string };

/** Open an order here; with a result it is opened, taken and done in one go: mended on the spot. */
export function openOrder(input: OpenInput): Promise<Opened> {
  return record(async () => {
    const acting = signedIn();
    const { phone } = acting;
    const id = uuid4(phone.random.bytes(16));
    const { target, class: cls, urgency, finding, mine, note, photos, result } = input;
    const p = { order: id, target, kind: 'repair' as const, urgency, class: cls, finding, mine };
    const deps = finding === null ? [] : [finding];
    const opened = await put(acting, 'order.open', p, {}, { note, photos, deps });
    if (result === null) return { ...opened, order: id };
    const done = await put(acting, 'order.complete', { order: id, result, answers: null }, {}, {});
    return { ...done, photosKept: opened.photosKept, order: id };
  });
}
