import { tc } from '../../../i18n/console';
import { StateWord } from '../../../ui/State';
import { isBelow, signed, type Part } from './types';

/** What there is, and what is wrong with it. */
export function Stock({ part }: { part: Part }) {
  const figure = <span class="num">{`${signed(part.stock)} ${part.unit}`}</span>;
  if (isBelow(part.stock)) return <StateWord look={{ tone: 'bad', icon: 'rc-attention', word: 'rec.marked' }}>{figure} · {tc('part.below')}</StateWord>;
  if (part.order !== '0') return <StateWord look={{ tone: 'warn', icon: 'rc-marked', word: 'rec.marked' }}>{figure} · {tc('part.low')}</StateWord>;
  return figure;
}
