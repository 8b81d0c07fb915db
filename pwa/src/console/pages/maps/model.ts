/** A map of the site with what lies where, and what is done with it. Pure, but for the types. */
import type { Label } from '../../../i18n/label';
import type { Asset, Checkpoint, PatrolRoute, TargetKind } from '../../types';

export type Spot = { x: number; y: number };
export type MapPin = Spot & { target: { kind: TargetKind; id: string } };
export type SiteMap = {
  id: string;
  number: number;
  name: Label;
  image: { sha256: string; width: number; height: number; size: number; url: string };
  pins: MapPin[];
};
/** A checkpoint or an asset that can lie on a map. */
export type MapPlace = { kind: TargetKind; id: string; number: string; name: Label };

/** Ten-thousandths: the whole width or height of a picture. */
export const SCALE = 10_000;
/** How far an arrow key moves a pin, and how far with Shift. */
export const STEP = 50;
export const LEAP = 500;

/** The places of a site that can lie on a map, by number; what was taken down cannot. */
export function placesOf(points: readonly Checkpoint[], assets: readonly Asset[]): MapPlace[] {
  const of = (kind: TargetKind, all: readonly Pick<Checkpoint, 'id' | 'number' | 'name' | 'retired'>[]): MapPlace[] =>
    all.filter((one) => !one.retired).map(({ id, number, name }) => ({ kind, id, number, name }));
  const byNumber = (a: MapPlace, b: MapPlace): number => a.number.localeCompare(b.number, 'zh', { numeric: true });
  return [...of('checkpoint', points).sort(byNumber), ...of('asset', assets).sort(byNumber)];
}

export function pinOf(map: Pick<SiteMap, 'pins'>, place: Pick<MapPlace, 'kind' | 'id'>): MapPin | null {
  return map.pins.find(({ target }) => target.kind === place.kind && target.id === place.id) ?? null;
}

/** A spot within the picture. */
export function within({ x, y }: Spot): Spot {
  const clamp = (value: number): number => Math.min(SCALE, Math.max(0, Math.round(value)));
  return { x: clamp(x), y: clamp(y) };
}

/** Where a key moves a spot, or null for a key that moves nothing. */
export function moved(spot: Spot, key: string, far: boolean): Spot | null {
  const by = far ? LEAP : STEP;
  const ways: Record<string, Spot> = { ArrowLeft: { x: -by, y: 0 }, ArrowRight: { x: by, y: 0 }, ArrowUp: { x: 0, y: -by }, ArrowDown: { x: 0, y: by } };
  const way = ways[key];
  return way ? within({ x: spot.x + way.x, y: spot.y + way.y }) : null;
}

/** `12.5`: per cent of the picture, as it is typed. */
export function percent(value: number): string {
  return (value / 100).toFixed(1).replace(/\.0$/, '');
}

/** What was typed as per cent, or null where it is none of the picture. */
export function readPercent(text: string): number | null {
  const value = /^\s*\d{1,3}([.,]\d{1,2})?\s*$/.test(text) ? Number(text.trim().replace(',', '.')) * 100 : Number.NaN;
  return Number.isFinite(value) && value <= SCALE ? Math.round(value) : null;
}

/** The stops of a route that lie on the map, in walking order. */
export function walkOf(map: Pick<SiteMap, 'pins'>, route: PatrolRoute | null): (MapPin & { number: number })[] {
  return (route?.stops ?? []).flatMap((stop, n) => {
    const pin = pinOf(map, stop.target);
    return pin ? [{ ...pin, number: n + 1 }] : [];
  });
}
