/**
 * Where the phone is, asked for at a scan or a report and at no other moment. Nothing waits for it longer than the
 * frame of a scan stands still; what comes later is only there for the next record.
 */

/** A position as the phone has it: degrees, metres, and how old it is. */
type Fix = { latitude: number; longitude: number; accuracy: number | null; ageMs: number };

/** How long a record waits for a position, ms. */
const PATIENCE_MS = 300;
/** How old a position may be and still say where a record was made, ms. */
const STALE_MS = 30_000;
/** How long the phone looks for one, ms: below ground it will not find any. */
const SEARCH_MS = 10_000;

let last: { fix: Fix; taken: number } | null = null;
let looking: Promise<void> | null = null;

/** Begin to look, so that a position is at hand when a record is made. The first time, the phone asks whether it may. */
export function seekPlace(): void {
  void look();
}

/** The position now; null when the phone has none in time, may not tell, or cannot. */
export async function placeNow(): Promise<Fix | null> {
  await Promise.race([fresh() ? Promise.resolve() : look(), new Promise((over) => setTimeout(over, PATIENCE_MS))]);
  return fresh();
}

function fresh(): Fix | null {
  const age = last ? performance.now() - last.taken : Infinity;
  return last && age <= STALE_MS ? { ...last.fix, ageMs: age } : null;
}

function look(): Promise<void> {
  looking ??= new Promise<void>((done) => {
    if (!('geolocation' in navigator)) return done();
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude, accuracy }, timestamp }) => {
        // a phone may give a position of before, and its clock may be off
        const age = Math.max(0, Date.now() - timestamp);
        last = { fix: { latitude, longitude, accuracy, ageMs: 0 }, taken: performance.now() - age };
        done();
      },
      () => done(),
      { enableHighAccuracy: true, timeout: SEARCH_MS, maximumAge: STALE_MS },
    );
  }).finally(() => {
    looking = null;
  });
  return looking;
}
