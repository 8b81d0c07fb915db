/** Where a place and a phone stand on a drawing of metres, north up. Pure. */

export const WIDTH = 300;
export const HEIGHT = 190;
/** The server marks a phone as far only beyond its accuracy and this, m. */
export const FAR_M = 100;

const EDGE = 26;
/** Nothing is drawn larger than this: so many metres fill the drawing at least. */
const LEAST_M = 24;
const BAR_PX = 90;

export type Point = { x: number; y: number };
export type Plot = {
  place: Point;
  phone: Point;
  /** The circle in which the phone says it was; null where it did not say how sure it is. */
  radius: number | null;
  /** The circle beyond which a phone counts as far; null where it would not fit. */
  limit: number | null;
  /** A round number of metres and how long it is drawn. */
  bar: { metres: number; px: number };
};

/** Lay out a phone that lies so many metres east and north of the place, so that it and its circle are seen whole. */
export function plotOf(eastM: number, northM: number, accuracyM: number | null): Plot {
  const around = accuracyM ?? 0;
  const left = Math.min(0, eastM - around);
  const right = Math.max(0, eastM + around);
  const top = Math.max(0, northM + around);
  const bottom = Math.min(0, northM - around);
  const wide = WIDTH - 2 * EDGE;
  const high = HEIGHT - 2 * EDGE;
  const scale = Math.min(wide / Math.max(LEAST_M, right - left), high / Math.max(LEAST_M, top - bottom));
  const on = (east: number, north: number): Point => ({
    x: WIDTH / 2 + (east - (left + right) / 2) * scale,
    y: HEIGHT / 2 - (north - (top + bottom) / 2) * scale,
  });
  const metres = roundBelow(BAR_PX / scale);
  return {
    place: on(0, 0),
    phone: on(eastM, northM),
    radius: accuracyM === null ? null : accuracyM * scale,
    limit: FAR_M * scale <= WIDTH ? FAR_M * scale : null,
    bar: { metres, px: metres * scale },
  };
}

/** The largest of 1, 2, 5, 10, 20, 50 … that is not above. */
function roundBelow(most: number): number {
  const ten = 10 ** Math.floor(Math.log10(most));
  return ([5, 2, 1].find((n) => n * ten <= most) ?? 1) * ten;
}

const DIRECTIONS = ['e', 'ne', 'n', 'nw', 'w', 'sw', 's', 'se'] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** In which of eight directions the phone lies from the place. */
export function directionOf(eastM: number, northM: number): Direction {
  const eighth = Math.round(Math.atan2(northM, eastM) / (Math.PI / 4));
  return DIRECTIONS[(eighth + 8) % 8]!;
}
