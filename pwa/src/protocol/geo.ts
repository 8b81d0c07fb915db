/** Where a phone was: the text of the private part `geo`. */

/** A position as the phone has it: degrees, metres, and how old it is. */
export type Fix = { latitude: number; longitude: number; accuracy: number | null; ageMs: number };

const TURN = 10_000_000;
/** Beyond a quarter of the globe an accuracy says nothing. */
const MOST_M = 10_000_000;

/** The text of the part: whole numbers, degrees times 10^7; null for what is no place on the globe. */
export function geoValue({ latitude, longitude, accuracy, ageMs }: Fix): string | null {
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null;
  return JSON.stringify({
    lat: Math.round(latitude * TURN),
    lon: Math.round(longitude * TURN),
    accuracy: accuracy !== null && accuracy >= 0 && accuracy <= MOST_M ? Math.ceil(accuracy) : null,
    age_ms: Math.max(0, Math.round(ageMs)),
  });
}
