import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import type { Position } from '../../types';

/** A position that is less sure than this is no place of a checkpoint, m. */
const MOST_ACCURACY_M = 50;
/** So far from every other place of the site somebody looks again, m. */
const FAR_M = 2_000;
const PATIENCE_MS = 30_000;
const EARTH_M = 6_371_000;

type Told = { tone: 'calm' | 'warn' | 'bad'; text: string };

/** Take the position from the phone on which the console is open, standing at the place. It is checked, and kept only with the form. */
export function StandHere({ others, onPosition }: { others: readonly Position[]; onPosition: (position: Position) => void }) {
  const [told, setTold] = useState<Told | null>(null);
  const [busy, setBusy] = useState(false);
  if (typeof navigator === 'undefined' || !('geolocation' in navigator)) return null;
  const ask = (): void => {
    setBusy(true);
    setTold({ tone: 'calm', text: tc('place.here.asking') });
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setBusy(false);
        const here = { lat: Math.round(coords.latitude * 1e7), lon: Math.round(coords.longitude * 1e7) };
        const checked = check(here, coords.accuracy, others);
        setTold(checked);
        if (checked.tone !== 'bad') onPosition(here);
      },
      () => {
        setBusy(false);
        setTold({ tone: 'bad', text: tc('place.here.denied') });
      },
      { enableHighAccuracy: true, timeout: PATIENCE_MS, maximumAge: 0 },
    );
  };
  return (
    <div class="field">
      <Button icon="pin" busy={busy} onPress={ask}>
        {tc('place.here')}
      </Button>
      {told && (
        <small class="field__h" role="status" data-tone={told.tone}>
          {told.text}
        </small>
      )}
    </div>
  );
}

/** Whether a position will do: sure enough, and among the other places of the site. */
export function check(here: Position, accuracyM: number, others: readonly Position[]): Told {
  if (!(accuracyM <= MOST_ACCURACY_M)) return { tone: 'bad', text: tc('place.here.rough', { n: Math.round(accuracyM) }) };
  const nearest = Math.min(...others.map((other) => distanceM(here, other)));
  if (others.length > 0 && nearest > FAR_M) return { tone: 'warn', text: tc('place.here.far', { n: Math.round(nearest) }) };
  return { tone: 'calm', text: tc('place.here.got', { n: Math.max(1, Math.round(accuracyM)) }) };
}

/** Metres between two positions, along a great circle. */
function distanceM(a: Position, b: Position): number {
  const radians = (tenMillionths: number): number => (tenMillionths / 1e7) * (Math.PI / 180);
  const [lat1, lat2] = [radians(a.lat), radians(b.lat)];
  const half = Math.sin((lat2 - lat1) / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(radians(b.lon - a.lon) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(half));
}
