/** A person's own log: every record with where it is and the receipt for it. Nobody sees another's. */
import { computed, type ReadonlySignal } from '@preact/signals';
import { say } from '../i18n/label';
import { t, type TextKey } from '../i18n/t';
import { parseAnchor } from '../protocol/anchors';
import { evaluate, type Quality } from '../protocol/clocks';
import type { Body } from '../protocol/records';
import type { ReceiptRow, RecordRow } from '../protocol/store';
import { person } from './app';
import { entries, inFlight, photoStates, receipts, world, type Entry } from './data';
import { isType } from './rounds';
import { nameOf } from './world';

export type LogState = 'saved' | 'sending' | 'received' | 'attention';
export type LogPhoto = { sha256: string; role: string; state: 'saved' | 'sent' | 'lost' };
export type LogReceipt = { from: number; to: number; receivedMs: number; checkWord: string; ledgerPos: number };
export type LogEntry = {
  seq: number;
  hash: string;
  type: string;
  /** When it was made, as the phone knew it best, ms. */
  at: number;
  title: { key: string; values: Record<string, string> };
  own: true;
  state: LogState;
  marks: string[];
  code: string | null;
  photos: LogPhoto[];
  receipt: LogReceipt | null;
  time: LogTime;
  /** What the person said to its marks, oldest first. */
  explained: { seq: number; at: number; words: string }[];
};
/** When it was made, as far as this phone can prove it, ms; the server may know more. */
export type LogTime = { lower: number | null; upper: number | null; estimate: number; quality: Quality };

/** The signed-in person's records on this phone, newest first. */
export const log: ReadonlySignal<LogEntry[]> = computed(() => {
  const id = person.value?.id;
  if (id === undefined) return [];
  const own = [...entries.value.values()].filter(({ body }) => body.actor === id).sort((a, b) => b.row.n - a.row.n);
  const explained = explanations(own);
  return own.map((entry) => entryOf(entry, explained.get(entry.row.hash) ?? []));
});

/** What was said to the marks of records, by their hash. */
function explanations(own: readonly Entry[]): Map<string, LogEntry['explained']> {
  const found = new Map<string, LogEntry['explained']>();
  for (const { row, body } of own.toReversed()) {
    if (!isType(body, 'explain')) continue;
    const said = { seq: row.seq, at: row.at, words: row.private['note']?.value ?? '' };
    found.set(body.p.record, [...(found.get(body.p.record) ?? []), said]);
  }
  return found;
}

function entryOf({ row, body }: Entry, explained: LogEntry['explained']): LogEntry {
  const receipt = row.receipt === null ? undefined : receipts.value.get(row.receipt);
  return {
    seq: row.seq,
    hash: row.hash,
    type: body.type,
    at: row.at,
    title: titleOf(body),
    own: true,
    state: stateOf({ row, body }),
    // that there is no place is what the person chose: it asks for no word
    marks: row.marks.filter((mark) => mark !== 'no_location'),
    code: row.code,
    photos: (body.blobs ?? []).map(({ sha256, role, lost }) => ({
      sha256,
      role,
      state: lost ? 'lost' : (photoStates.value.get(sha256) ?? 'lost'),
    })),
    receipt: receipt
      ? {
          from: receipt.from,
          to: receipt.to,
          receivedMs: receipt.receivedMs,
          checkWord: receipt.checkWord,
          ledgerPos: receipt.ledgerPos,
        }
      : null,
    time: timeOf(row, body, receipt),
    explained,
  };
}

/** The rule by which the server judges it, with what this phone has: its anchor before, its receipt after. */
function timeOf(row: RecordRow, { t }: Body, receipt: ReceiptRow | undefined): LogTime {
  const anchor = t.anchor === null ? null : parseAnchor(t.anchor);
  if (!receipt) return { lower: anchor?.server_ms ?? null, upper: null, estimate: row.at, quality: anchor ? 'B' : 'D' };
  const after = receipt.clock ?? null;
  const { lower, upper, estimate, quality } = evaluate({ t, anchor, received_ms: receipt.receivedMs, after }, null, null, null);
  return { lower, upper, estimate, quality };
}

function stateOf({ row }: Entry): LogState {
  if (row.unsent !== undefined) return inFlight.value.has(row.hash) ? 'sending' : 'saved';
  return row.outcome === 'quarantined' || row.outcome === 'forked' ? 'attention' : 'received';
}

/** A key of the texts and what fills its holes. */
function titleOf(body: Body): LogEntry['title'] {
  if (isType(body, 'scan') && body.p.result !== 'known') return { key: `kind.scan.${body.p.result}`, values: {} };
  if (isType(body, 'scan') || isType(body, 'answers') || isType(body, 'finding') || isType(body, 'stop.skip')) {
    const name = nameOf(world.value, body.p.target);
    if (name) return { key: `kind.${body.type}.place`, values: { place: say(name) } };
  }
  if (isType(body, 'asset.state')) {
    const name = nameOf(world.value, { kind: 'asset', id: body.p.asset });
    if (name) return { key: 'kind.asset.state.place', values: { place: say(name) } };
  }
  if (isType(body, 'meter.exchange')) {
    const name = world.value.meter.get(body.p.meter)?.body.name;
    if (name) return { key: 'kind.meter.exchange.of', values: { name: say(name) } };
  }
  if (body.type.startsWith('order.') && 'order' in body.p && body.p.order !== null) {
    const number = world.value.order.get(body.p.order)?.body.number;
    if (number) return { key: 'kind.order.of', values: { what: t(`kind.${body.type}` as TextKey), number } };
  }
  if (isType(body, 'stock.move') || isType(body, 'stock.count')) {
    const name = world.value.part.get(body.p.part)?.body.name;
    if (name) return { key: `kind.${body.type}.of`, values: { name: say(name), n: isType(body, 'stock.move') ? body.p.quantity.replace('-', '−') : body.p.counted } };
  }
  if (isType(body, 'round.take')) {
    const plan = world.value.plan.get(world.value.occurrence.get(body.p.occurrence)?.body.plan ?? '');
    if (plan) return { key: 'kind.round.take.of', values: { name: say(plan.body.name) } };
  }
  return { key: `kind.${body.type}`, values: {} };
}
