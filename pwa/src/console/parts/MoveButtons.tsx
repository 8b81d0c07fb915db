import { tc } from '../../i18n/console';
import { IconButton } from '../../ui/Button';

/** `list` with the item at `index` moved by `by` places. */
export function moved<T>(list: readonly T[], index: number, by: number): T[] {
  const next = [...list];
  const [item] = next.splice(index, 1);
  if (item !== undefined) next.splice(index + by, 0, item);
  return next;
}

export type MoveButtonsProps = { index: number; count: number; name: string; onMove: (by: -1 | 1) => void };

/** Up and down for an item of a list; where it cannot go there is no button. */
export function MoveButtons({ index, count, name, onMove }: MoveButtonsProps) {
  return (
    <>
      <span class="turn turn--up">{index > 0 ? <IconButton name="down" label={tc('list.up', { name })} onPress={() => onMove(-1)} /> : null}</span>
      <span class="turn">{index < count - 1 ? <IconButton name="down" label={tc('list.down', { name })} onPress={() => onMove(1)} /> : null}</span>
    </>
  );
}
