import { tc } from '../../../i18n/console';
import { Icon } from '../../../ui/Icon';
import { occurrenceLooks } from '../../../ui/State';
import type { OccurrenceState, Sums } from '../../types';
import { percent } from './layout';

const ALWAYS: readonly OccurrenceState[] = ['missed', 'unheard', 'unproven', 'partial', 'late', 'done', 'progress'];
const WHEN_ANY: readonly OccurrenceState[] = ['excused'];

export type TallyProps = { sums: Sums; pressed: readonly OccurrenceState[]; onPress: (state: OccurrenceState) => void };

/** What was due, what is proven of it, and every state as a number that filters the lanes. */
export function Tally({ sums, pressed, onPress }: TallyProps) {
  const shown = [...ALWAYS, ...WHEN_ANY.filter((state) => sums[state] > 0 || pressed.includes(state))];
  return (
    <div class="tally" role="group" aria-label={tc('board.filter')}>
      <div class="tally__say">
        <strong>{sums.due === 0 ? tc('board.none_due') : tc('board.due', { n: sums.due, m: sums.done + sums.late })}</strong>
        <br />
        <span class="meta">{rangeSentence(sums)}</span>
      </div>
      <div class="tally__n">
        {shown.map((state) => {
          const { tone, icon, word } = occurrenceLooks[state];
          return (
            <button key={state} type="button" data-tone={tone} data-zero={sums[state] === 0 ? '' : undefined} aria-pressed={pressed.includes(state)} onClick={() => onPress(state)}>
              <b>
                <Icon name={icon} />
                {sums[state]}
              </b>
              {tc(word)}
            </button>
          );
        })}
      </div>
    </div>
  );
}

/** The share that is done, as far as it can be said. */
export function rangeSentence(sums: Sums): string {
  if (sums.low === null || sums.high === null) return tc('board.range.none');
  const a = percent(sums.low, 'low');
  const b = percent(sums.high, 'high');
  const unsure = sums.unheard + sums.unproven;
  if (unsure === 0) return tc('board.range.sure', { a });
  return tc('board.range', { a, b, n: unsure });
}
