/** The maps of the site on which a round can be shown: those on which one of its stops lies. Pure. */
import type { Label, MapBody } from '../protocol/entities';
import type { RoundView, StopState } from './rounds';
import type { World } from './world';

/** A stop on a map, in ten-thousandths of the picture's width and height. */
export type Pin = { stop: string; number: number; name: Label; state: StopState; x: number; y: number };
export type MapView = {
  id: string;
  name: Label;
  sha256: string;
  width: number;
  height: number;
  /** In walking order. */
  pins: Pin[];
  /** Stops of the round that lie on no map, or on another one. */
  elsewhere: number;
};

/** The round on each map of the site that shows some of it; the one with the next stop first. */
export function mapsOf(world: World, round: RoundView): MapView[] {
  const views = [...world.map.values()]
    .map(({ body }) => body)
    .sort((a, b) => a.number - b.number)
    .map((map) => viewOf(map, round))
    .filter((view) => view.pins.length > 0);
  const hasNext = (view: MapView): boolean => view.pins.some((pin) => pin.state === 'next');
  return [...views.filter(hasNext), ...views.filter((view) => !hasNext(view))];
}

function viewOf(map: MapBody, round: RoundView): MapView {
  const pins: Pin[] = [];
  for (const stop of round.stops) {
    const pin = map.pins.find(({ target }) => target.kind === stop.target.kind && target.id === stop.target.id);
    if (pin) pins.push({ stop: stop.id, number: stop.number, name: stop.name, state: stop.state, x: pin.x, y: pin.y });
  }
  const { sha256, width, height } = map.image;
  return { id: map.id, name: map.name, sha256, width, height, pins, elsewhere: round.stops.length - pins.length };
}
