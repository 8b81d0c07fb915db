/** Items of a list are dragged to another place by their grip; buttons do the same without a mouse. */
import { useCallback, useRef } from 'preact/hooks';

/** A ref for the list. Its items have `data-at`, their grips `draggable`; `onMove` gets the two places. */
export function useDragOrder<T extends HTMLElement>(onMove: (from: number, to: number) => void) {
  const latest = useRef(onMove);
  latest.current = onMove;
  return useCallback((found: T | null) => {
    if (!found) return;
    // the listeners go with the list
    const on = <K extends 'dragstart' | 'dragover' | 'drop' | 'dragend'>(type: K, act: (event: HTMLElementEventMap[K]) => void) =>
      found.addEventListener(type, act as EventListener);
    let from: number | null = null;
    const itemOf = (event: Event) => (event.target instanceof Element ? event.target.closest<HTMLElement>('[data-at]') : null);
    const placeOf = (item: HTMLElement | null) => (item ? Number(item.dataset['at']) : null);
    const mark = (over: HTMLElement | null) => {
      for (const item of found.querySelectorAll('[data-over]')) if (item !== over) item.removeAttribute('data-over');
      over?.setAttribute('data-over', '');
    };
    const end = () => {
      from = null;
      mark(null);
    };
    on('dragstart', (event) => {
      from = placeOf(itemOf(event));
      // Firefox begins no drag without data
      event.dataTransfer?.setData('text/plain', String(from));
    });
    on('dragover', (event) => {
      const item = itemOf(event);
      if (from === null || item === null) return;
      event.preventDefault();
      mark(placeOf(item) === from ? null : item);
    });
    on('drop', (event) => {
      const at = placeOf(itemOf(event));
      event.preventDefault();
      if (from !== null && at !== null && from !== at) latest.current(from, at);
      end();
    });
    on('dragend', end);
  }, []);
}
