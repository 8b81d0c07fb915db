import { useRef, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import type { PatrolRoute } from '../../types';
import { moved, pinOf, SCALE, walkOf, within, type MapPlace, type SiteMap, type Spot } from './model';

export type SheetProps = {
  map: SiteMap;
  places: readonly MapPlace[];
  route: PatrolRoute | null;
  chosen: string | null;
  mayMove: boolean;
  onChoose: (id: string) => void;
  /** Where a pin was let go. */
  onMove: (place: MapPlace, at: Spot) => void;
};

/** The map with its pins: each is moved by dragging, or by the arrow keys once it has the focus. */
export function Sheet({ map, places, route, chosen, mayMove, onChoose, onMove }: SheetProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const [held, setHeld] = useState<{ id: string; at: Spot } | null>(null);
  const walk = walkOf(map, route);
  const spotOf = (place: MapPlace): Spot | null => (held?.id === place.id ? held.at : pinOf(map, place));
  const under = (event: PointerEvent): Spot => {
    const box = sheet.current!.getBoundingClientRect();
    return within({ x: ((event.clientX - box.left) / box.width) * SCALE, y: ((event.clientY - box.top) / box.height) * SCALE });
  };
  const line = walk.map((stop) => (held?.id === stop.target.id ? held.at : stop)).map((at) => `${at.x},${at.y}`).join(' ');
  return (
    <div class="plan" ref={sheet} style={{ aspectRatio: `${map.image.width} / ${map.image.height}` }}>
      <img key={map.image.sha256} src={map.image.url} alt={tc('maps.alt', { name: say(map.name), n: map.pins.length })} draggable={false} />
      <svg viewBox={`0 0 ${SCALE} ${SCALE}`} preserveAspectRatio="none" aria-hidden="true">
        <polyline points={line} />
      </svg>
      {places.map((place) => {
        const at = spotOf(place);
        if (!at) return null;
        const stop = walk.find((one) => one.target.id === place.id);
        const word = tc('maps.pin', { name: `${place.number} ${say(place.name)}`, x: Math.round(at.x / 100), y: Math.round(at.y / 100) });
        return (
          <button
            key={place.id}
            type="button"
            class="plan__pin"
            data-kind={place.kind}
            data-on={chosen === place.id ? '' : undefined}
            data-dim={route !== null && !stop ? '' : undefined}
            aria-pressed={chosen === place.id}
            aria-label={stop ? `${tc('round.stop.n', { n: stop.number })} · ${word}` : word}
            title={`${place.number} ${say(place.name)}`}
            style={{ left: `${at.x / 100}%`, top: `${at.y / 100}%` }}
            onClick={() => onChoose(place.id)}
            onPointerDown={(event) => {
              if (!mayMove) return;
              event.currentTarget.setPointerCapture(event.pointerId);
              setHeld({ id: place.id, at });
            }}
            onPointerMove={(event) => held?.id === place.id && event.currentTarget.hasPointerCapture(event.pointerId) && setHeld({ id: place.id, at: under(event) })}
            onPointerUp={(event) => {
              if (held?.id !== place.id || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
              const kept = pinOf(map, place);
              setHeld(null);
              // a touch that moved nothing only chooses
              if (kept?.x !== held.at.x || kept.y !== held.at.y) onMove(place, held.at);
            }}
            onPointerCancel={() => setHeld(null)}
            onKeyDown={(event) => {
              const next = mayMove ? moved(at, event.key, event.shiftKey) : null;
              if (!next) return;
              event.preventDefault();
              setHeld({ id: place.id, at: next });
            }}
            onKeyUp={(event) => {
              if (held?.id !== place.id || !event.key.startsWith('Arrow')) return;
              onMove(place, held.at);
              setHeld(null);
            }}
          >
            {stop ? stop.number : place.number}
          </button>
        );
      })}
    </div>
  );
}
