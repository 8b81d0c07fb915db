/** Which screen the address names. Addresses live behind the `#`, so every one of them opens without a network. */
import { signal, type ReadonlySignal } from '@preact/signals';
import type { TargetRef } from '../protocol/entities';

export type Route =
  | { name: 'today' }
  | { name: 'round'; occurrence: string }
  | { name: 'scan'; occurrence: string | null; stop: string | null }
  | { name: 'form'; occurrence: string; stop: string; scan: string | null }
  | { name: 'finding'; occurrence: string | null; stop: string | null }
  | { name: 'skip'; occurrence: string; stop: string }
  /** The other one of a crew signs at a stop. */
  | { name: 'second'; occurrence: string; stop: string }
  | { name: 'orders' }
  | { name: 'order'; order: string }
  /** One act on an order that asks for something: a reason, a photo, a signature. */
  | { name: 'act'; order: string; act: string }
  /** The checklist of an order. */
  | { name: 'orderform'; order: string }
  /** The photos of whoever asked for it. */
  | { name: 'orderphotos'; order: string }
  | { name: 'arrive'; order: string; leaving: boolean }
  | { name: 'neworder'; target: TargetRef | null; finding: string | null }
  /** Parts that are taken for an order, or for none. */
  | { name: 'parts'; order: string | null }
  | { name: 'counting' }
  | { name: 'assets' }
  /** A paper, opened from the card of an asset. */
  | { name: 'document'; document: string; asset: string | null }
  /** `scan` is the hash of the scan that led here. */
  | { name: 'asset'; asset: string; scan: string | null }
  | { name: 'assetform'; asset: string; scan: string | null }
  | { name: 'assetstate'; asset: string; scan: string | null }
  /** A meter of it was exchanged. */
  | { name: 'exchange'; asset: string; scan: string | null }
  /** A report about a thing that was looked up. */
  | { name: 'findingat'; target: TargetRef }
  | { name: 'saved'; seq: number }
  | { name: 'log' }
  | { name: 'change' }
  | { name: 'record'; seq: number }
  | { name: 'ready' }
  | { name: 'rescue' }
  | { name: 'menu' }
  | { name: 'mydata' };

/** The address of a screen, as an `href`. */
export function href(to: Route): string {
  switch (to.name) {
    case 'today':
      return '#/';
    case 'round':
      return path('round', to.occurrence);
    case 'scan':
    case 'finding':
      return path(to.name, to.occurrence, to.stop);
    case 'skip':
    case 'second':
      return path(to.name, to.occurrence, to.stop);
    case 'form':
      return path('form', to.occurrence, to.stop, to.scan);
    case 'order':
    case 'orderform':
    case 'orderphotos':
      return path(to.name, to.order);
    case 'parts':
      return path('parts', to.order);
    case 'act':
      return path('act', to.order, to.act);
    case 'arrive':
      return path(to.leaving ? 'leave' : 'arrive', to.order);
    case 'neworder':
      return path('neworder', to.target?.kind ?? null, to.target?.id ?? null, to.finding);
    case 'asset':
    case 'assetform':
    case 'assetstate':
    case 'exchange':
      return path(to.name, to.asset, to.scan);
    case 'document':
      return path(to.name, to.document, to.asset);
    case 'findingat':
      return path(to.name, to.target.kind, to.target.id);
    case 'saved':
    case 'record':
      return path(to.name, String(to.seq));
    default:
      return path(to.name);
  }
}

/** The screen that an address names; anything unknown is today. */
export function parse(hash: string): Route {
  const [name, a, b, c] = hash.replace(/^#\/?/, '').split('/').map((part) => (part === '' ? null : decodeURIComponent(part)));
  const seq = Number(a);
  if (name === 'round' && a) return { name, occurrence: a };
  if (name === 'scan' || name === 'finding') return { name, occurrence: a ?? null, stop: b ?? null };
  if ((name === 'skip' || name === 'second') && a && b) return { name, occurrence: a, stop: b };
  if (name === 'form' && a && b) return { name, occurrence: a, stop: b, scan: c ?? null };
  if ((name === 'order' || name === 'orderform' || name === 'orderphotos') && a) return { name, order: a };
  if (name === 'act' && a && b) return { name, order: a, act: b };
  if ((name === 'arrive' || name === 'leave') && a) return { name: 'arrive', order: a, leaving: name === 'leave' };
  if (name === 'neworder') return { name, target: (a === 'checkpoint' || a === 'asset') && b ? { kind: a, id: b } : null, finding: c ?? null };
  if ((name === 'asset' || name === 'assetform' || name === 'assetstate' || name === 'exchange') && a) return { name, asset: a, scan: b ?? null };
  if (name === 'document' && a) return { name, document: a, asset: b ?? null };
  if (name === 'findingat' && (a === 'checkpoint' || a === 'asset') && b) return { name, target: { kind: a, id: b } };
  if ((name === 'saved' || name === 'record') && Number.isInteger(seq) && seq > 0) return { name, seq };
  if (name === 'log' || name === 'change' || name === 'ready' || name === 'menu' || name === 'rescue' || name === 'mydata') return { name };
  if (name === 'parts') return { name, order: a ?? null };
  if (name === 'orders' || name === 'assets' || name === 'counting') return { name };
  return { name: 'today' };
}

function path(...parts: (string | null)[]): string {
  const to = parts.map((part) => encodeURIComponent(part ?? '')).join('/');
  return `#/${to.replace(/\/+$/, '')}`;
}

const here = signal<Route>({ name: 'today' });

/** The screen that is shown. */
export const route: ReadonlySignal<Route> = here;

/** Read the address now and whenever it changes; returns how to stop. */
export function followAddress(): () => void {
  const read = (): void => {
    here.value = parse(location.hash);
  };
  read();
  addEventListener('hashchange', read);
  return () => removeEventListener('hashchange', read);
}

/** Go to a screen; back leads here again. */
export function go(to: Route): void {
  location.hash = href(to);
}

/** Go to a screen instead of this one; back leads to what was before. */
export function replace(to: Route): void {
  history.replaceState(null, '', href(to));
  here.value = to;
}
