/** Texts of people as they go into a record. */

/** The most characters of a note or a text answer. */
export const MOST_TEXT = 2_000;

/** At most `most` characters, whole ones. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : [...text].slice(0, most).join('');
}

/** Trimmed and cut, or null when nothing is left. */
export function noteOf(text: string | null): string | null {
  const note = cut((text ?? '').trim(), MOST_TEXT);
  return note === '' ? null : note;
}
