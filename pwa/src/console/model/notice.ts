/** One short word that something was kept; never for refusals. */
import { signal, type ReadonlySignal } from '@preact/signals';

const current = signal<string | null>(null);

/** What is being said, or null. */
export const notice: ReadonlySignal<string | null> = current;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Say it for six seconds. */
export function tell(words: string): void {
  current.value = words;
  clearTimeout(timer);
  timer = setTimeout(() => {
    current.value = null;
  }, 6000);
}

/** Say nothing any more: what was told to one person is not for the next. */
export function hush(): void {
  clearTimeout(timer);
  current.value = null;
}
