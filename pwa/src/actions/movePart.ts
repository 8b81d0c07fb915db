/** A person takes a part, brings it back, or counts what lies there. */
import type { Draft, StockWhy } from '../protocol/records';
import { quantityText } from '../protocol/stock';
import { seal } from '../sync/seal';
import { record } from './problem';
import { signedIn } from './signedIn';
import type { Saved } from './submitAnswers';

export type MoveInput = {
  part: string;
  /** How much, in thousandths and without a sign: the reason says whether it comes or goes. */
  milli: number;
  why: Extract<StockWhy, 'used' | 'returned'>;
  order: string | null;
  asset: string | null;
};

/** Keep that a part was taken or brought back. Resolves when it is on the disk. */
export function movePart({ part, milli, why, order, asset }: MoveInput): Promise<Saved> {
  return sealed(part, {
    type: 'stock.move',
    p: { part, quantity: quantityText(why === 'used' ? -milli : milli), order, why, asset },
  });
}

/** Keep how much of a part lies there. It changes no stock until somebody confirms it. */
export function countPart(part: string, milli: number): Promise<Saved> {
  return sealed(part, { type: 'stock.count', p: { part, counted: quantityText(milli) } });
}

type Told = Pick<Draft<'stock.move'>, 'type' | 'p'> | Pick<Draft<'stock.count'>, 'type' | 'p'>;

function sealed(part: string, told: Told): Promise<Saved> {
  return record(async () => {
    const { phone, actor, site, world, engine } = signedIn();
    const base = { entity: part, version: world.part.get(part)?.version ?? 1 };
    const { hash, seq } = await seal(phone, () => ({ ...told, actor, site, base }) as Draft);
    engine.wake('press');
    return { hash, seq, photosKept: true };
  });
}
