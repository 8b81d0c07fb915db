/** Quantities of parts: exact decimals with at most three places, reckoned in thousandths. The twin is `sync/stock.py`. */

const MOVED = /^-?(?=[0-9.]*[1-9])(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$/;
const COUNTED = /^(0|[1-9][0-9]{0,8})(\.[0-9]{1,3})?$/;

/** Whether a text is a quantity that moves: with its sign, never nothing. */
export function isMoved(text: string): boolean {
  return MOVED.test(text);
}

/** Whether a text is what may lie there: nothing or more. */
export function isCounted(text: string): boolean {
  return COUNTED.test(text);
}

/** A quantity in thousandths of its unit; 0 for a text that is none. */
export function thousandths(text: string): number {
  if (!isMoved(text) && !isCounted(text)) return 0;
  const [whole = '0', part = ''] = text.replace('-', '').split('.');
  const size = Number(whole) * 1000 + Number(part.padEnd(3, '0'));
  return text.startsWith('-') && size !== 0 ? -size : size;
}

/** Thousandths as a person reads them: with a true minus. */
export function shownQuantity(milli: number): string {
  return quantityText(milli).replace('-', '−');
}

/** Thousandths as the shortest decimal text. */
export function quantityText(milli: number): string {
  const size = Math.abs(milli);
  const part = String(size % 1000).padStart(3, '0').replace(/0+$/, '');
  return `${milli < 0 ? '-' : ''}${Math.trunc(size / 1000)}${part === '' ? '' : `.${part}`}`;
}
