/** How long to wait after a round that did not come to its end, and what a server may ask for. */

const BASE_MS = 5_000;
const CAP_MS = 15 * 60_000;
const LEAST_RETRY_AFTER_S = 5;
const MOST_RETRY_AFTER_S = 30 * 60;
/** After this long without a full round an outage is long, ms. */
export const LONG_OUTAGE_MS = 10 * 60_000;
/** When a long outage ends, phones come back spread over this time, ms. */
export const SPREAD_MS = 120_000;

/**
 * The wait after `failures` rounds in a row, ms. Full jitter: anything from nothing to the cap of this try, so that
 * phones that failed together do not come back together. What the server asks for is kept within bounds.
 */
export function backoffMs(failures: number, share: number, retryAfterS: number | null): number {
  const most = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(failures - 1, 20));
  const own = Math.floor(share * most);
  if (retryAfterS === null) return own;
  const asked = Math.min(Math.max(retryAfterS, LEAST_RETRY_AFTER_S), MOST_RETRY_AFTER_S) * 1_000;
  return asked + own;
}

/**
 * The seconds that a `Retry-After` asks for, or null when it says nothing that can be understood. It may be a number
 * or a date; a date counts from the answer's own `Date`, or from the phone's clock where there is none.
 */
export function retryAfterS(value: string | null, date: string | null, wall: number): number | null {
  const text = value?.trim() ?? '';
  if (/^[-+]?[0-9]+(\.[0-9]+)?$/.test(text)) return Number(text);
  if (!/^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT$/.test(text)) return null;
  const from = Date.parse(date ?? '');
  const wait = Math.ceil((Date.parse(text) - (Number.isNaN(from) ? wall : from)) / 1_000);
  return Number.isNaN(wait) ? null : wait;
}
