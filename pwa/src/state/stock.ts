/** Parts as this phone knows them: what the server said there is, less what this phone took since and the row cannot know yet. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { PartBody } from '../protocol/entities';
import type { StockWhy } from '../protocol/records';
import { thousandths } from '../protocol/stock';
import { entries, world, type Entry } from './data';
import { isType } from './rounds';
import type { World } from './world';

export type PartView = {
  id: string;
  version: number;
  body: PartBody;
  /** Thousandths, as this phone knows it best. */
  stock: number;
  /** There is less than there ought to be at least. */
  low: boolean;
};
/** Something that this phone recorded of a part: a move, or a count. */
export type OwnMove = {
  hash: string;
  part: string;
  /** Thousandths, with the sign of a move. */
  milli: number;
  why: StockWhy | 'counted';
  order: string | null;
  at: number;
  unsent: boolean;
};

/** The phone's own moves and counts, oldest first. */
export function ownMoves(all: Iterable<Entry>): OwnMove[] {
  const found: { n: number; move: OwnMove }[] = [];
  for (const { row, body } of all) {
    const common = { hash: row.hash, at: row.at, unsent: row.unsent !== undefined };
    if (isType(body, 'stock.move')) {
      const { part, quantity, why, order } = body.p;
      found.push({ n: row.n, move: { ...common, part, milli: thousandths(quantity), why, order } });
    } else if (isType(body, 'stock.count')) {
      const { part, counted } = body.p;
      found.push({ n: row.n, move: { ...common, part, milli: thousandths(counted), why: 'counted', order: null } });
    }
  }
  return found.sort((a, b) => a.n - b.n).map(({ move }) => move);
}

/** Part id → what own moves add that its row cannot hold: they are not sent, or nothing has changed in the row since. */
function ahead(from: World, all: Iterable<Entry>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const { row, body } of all) {
    if (!isType(body, 'stock.move') || row.outcome === 'quarantined' || row.outcome === 'forked') continue;
    const version = from.part.get(body.p.part)?.version ?? 0;
    if (row.unsent === undefined && (body.base?.version ?? 0) < version) continue;
    sums.set(body.p.part, (sums.get(body.p.part) ?? 0) + thousandths(body.p.quantity));
  }
  return sums;
}

/** The parts that are in use, by number. */
export function partsOf(from: World, all: Iterable<Entry>): PartView[] {
  const sums = ahead(from, all);
  return [...from.part.values()]
    .filter(({ body }) => !body.retired)
    .map(({ version, body }) => {
      const stock = thousandths(body.stock) + (sums.get(body.id) ?? 0);
      return { id: body.id, version, body, stock, low: body.minimum !== null && stock < thousandths(body.minimum) };
    })
    .sort((a, b) => a.body.number.localeCompare(b.body.number, 'zh', { numeric: true }));
}

/** Those whose number, name, category, place or code has every word of a question. */
export function findParts(parts: readonly PartView[], question: string): PartView[] {
  const words = fold(question).split(' ').filter((word) => word !== '');
  return parts.filter(({ body }) => {
    const text = fold([body.number, body.name.zh, body.name.en, body.category ?? '', body.code ?? '', ...body.places].join(' '));
    return words.every((word) => text.includes(word));
  });
}

/** The part whose code or number was read; null where there is none. */
export function partByCode(parts: readonly PartView[], text: string): PartView | null {
  const read = text.trim();
  return parts.find(({ body }) => body.code === read) ?? parts.find(({ body }) => body.number === read) ?? null;
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

export const parts: ReadonlySignal<PartView[]> = computed(() => partsOf(world.value, entries.value.values()));
export const moves: ReadonlySignal<OwnMove[]> = computed(() => ownMoves(entries.value.values()));
