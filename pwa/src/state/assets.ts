/** Assets as this phone knows them: the card of one, and finding one among thousands without a network. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { AssetBody, AssetState, DocumentBody, FormBody, Label, MeterBody, TargetRef } from '../protocol/entities';
import { entries, world, type Entry } from './data';
import { papersOf } from './papers';
import { formFor } from './places';
import { isType } from './rounds';
import type { World } from './world';

export type AssetView = {
  id: string;
  version: number;
  body: AssetBody;
  /** As this phone knows it best: its own unsent word counts. */
  state: AssetState | null;
  /** Since when, ms; null where only the row says it. */
  since: number | null;
  /** The thing that it is a part of, and the parts of it. */
  parent: { id: string; body: AssetBody } | null;
  parts: { id: string; body: AssetBody }[];
  meters: MeterBody[];
  documents: DocumentBody[];
  /** A checklist that stops of it are filled with. */
  form: FormBody | null;
  /** Hashes of this phone's records about it, the last first. */
  records: string[];
};

/** The card of one asset; null while it is not on this phone. */
export function assetView(from: World, id: string, all: Iterable<Entry>): AssetView | null {
  const known = from.asset.get(id);
  if (!known) return null;
  const { body, version } = known;
  const parent = body.parent ? from.asset.get(body.parent) : undefined;
  const about = recordsOf({ kind: 'asset', id }, all, from);
  const meters = values(from.meter).filter((meter) => meter.asset === id && !meter.retired);
  const said = about.findLast((entry) => isType(entry.body, 'asset.state') && isAhead(entry, version));
  const told = said && isType(said.body, 'asset.state') ? said.body.p : null;
  return {
    id,
    version,
    body,
    state: told?.state ?? body.state ?? null,
    since: told ? (told.since_ms ?? said?.row.at ?? null) : null,
    parent: body.parent && parent ? { id: body.parent, body: parent.body } : null,
    parts: values(from.asset).filter((one) => one.parent === id && !one.retired).map((one) => ({ id: one.id, body: one })),
    meters: meters.map((meter) => exchanged(meter, from.meter.get(meter.id)?.version ?? 1, about)),
    documents: papersOf(from, id),
    form: formFor(from, id),
    records: about.map((entry) => entry.row.hash).toReversed(),
  };
}

function values<T>(rows: ReadonlyMap<string, { body: T }>): T[] {
  return [...rows.values()].map(({ body }) => body);
}

function isAhead({ row, body }: Entry, version: number): boolean {
  if (row.outcome === 'quarantined' || row.outcome === 'forked') return false;
  return row.unsent !== undefined || (body.base?.version ?? 0) >= version;
}

/** A meter as this phone knows it best: its own exchange counts until the server has heard of it. */
function exchanged(meter: MeterBody, version: number, about: readonly Entry[]): MeterBody {
  const said = about.findLast(({ body }) => isType(body, 'meter.exchange') && body.p.meter === meter.id);
  if (!said || !isType(said.body, 'meter.exchange') || !isAhead(said, version)) return meter;
  const { start, number } = said.body.p;
  return { ...meter, number: number ?? meter.number, last: { value: start, at_ms: said.row.at } };
}

/** This phone's records about a thing, oldest first. */
function recordsOf(target: TargetRef, all: Iterable<Entry>, from: World): Entry[] {
  const found: Entry[] = [];
  for (const entry of all) {
    const { p } = entry.body;
    const seen = 'target' in p ? p.target : null;
    const of = 'asset' in p ? p.asset : isType(entry.body, 'meter.exchange') ? from.meter.get(entry.body.p.meter)?.body.asset : undefined;
    const is = (seen?.kind === target.kind && seen.id === target.id) || (target.kind === 'asset' && of === target.id);
    if (is) found.push(entry);
  }
  return found.sort((a, b) => a.row.n - b.row.n);
}

const views = new Map<string, ReadonlySignal<AssetView | null>>();

export function asset(id: string): ReadonlySignal<AssetView | null> {
  let found = views.get(id);
  if (!found) {
    found = computed(() => assetView(world.value, id, entries.value.values()));
    views.set(id, found);
  }
  return found;
}

// -- finding one ----------------------------------------------------------------------------

export type Found = { id: string; number: string; name: Label; zone: Label | null; retired: boolean };
/** Each asset with everything that it can be found by, folded once. */
export type Index = readonly (Found & { text: string })[];

/** Full width and half width, capitals and small letters are one. */
export function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim();
}

/** The index of all assets, in the order of their numbers; those that are no longer used come last. */
export function indexOf(from: World): Index {
  const rows = values(from.asset).map((body) => {
    const { id, number, name, zone, retired, maker, model, serial, category } = body;
    const words = [number, name.zh, name.en, zone?.zh, zone?.en, maker, model, serial, typeof category === 'string' ? category : ''];
    return { id, number, name, zone, retired, text: fold(words.filter(Boolean).join(' ')) };
  });
  const order = new Intl.Collator('en', { numeric: true });
  return rows.sort((a, b) => Number(a.retired) - Number(b.retired) || order.compare(a.number, b.number));
}

/** The first assets that have every word of the question; whose number it is comes first. */
export function find(index: Index, question: string, most: number): Found[] {
  const words = fold(question).split(/\s+/).filter(Boolean);
  const exact: Found[] = [];
  const others: Found[] = [];
  for (const one of index) {
    if (!words.every((word) => one.text.includes(word))) continue;
    if (words.length === 1 && fold(one.number) === words[0]) exact.push(one);
    else if (others.length < most) others.push(one);
  }
  return [...exact, ...others].slice(0, most);
}

const index = computed(() => indexOf(world.value));

/** How many assets are on this phone. */
export const assetCount: ReadonlySignal<number> = computed(() => world.value.asset.size);

export function findAssets(question: string, most: number): Found[] {
  return find(index.value, question, most);
}
