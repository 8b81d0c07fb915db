import { tc } from '../../../i18n/console';
import { useLoad } from '../../model/load';
import { Panel } from '../../parts/Page';
import { to } from '../../route';
import { shareWords } from './parts';
import { kindOf, periodWords } from './periods';
import type { TrendMonth } from './types';

/** Twelve months side by side, each as its interval. A month without rounds is a gap: no line runs across it. */
export function Trend({ siteId, period }: { siteId: string; period: string }) {
  const until = kindOf(period) === 'month' ? `?until=${period}` : '';
  const found = useLoad<{ months: TrendMonth[] }>(`/sites/${siteId}/report/trend${until}`);
  if (found.value === null || found.value.months.every((month) => month.sums.due === 0)) return null;
  return (
    <Panel title={tc('trend.title')} fact={tc('trend.fact')} class="below">
      <ol class="trend">
        {found.value.months.map((month) => {
          const { low, high, due } = month.sums;
          const said = month.closed ? tc('trend.closed', { n: month.closed.revision }) : month.over ? '' : tc('trend.now');
          return (
            <li key={month.key} data-none={due === 0 ? '' : undefined}>
              <b class="num">{shareWords(low, high)}</b>
              <span class="trend__bar" aria-hidden="true" style={{ '--low': low ?? '0', '--high': high ?? '0' }} />
              <a href={to(siteId, 'score', null, { period: month.key })} aria-label={periodWords(month.key)}>
                {month.key.slice(2)}
              </a>
              <small>{said}</small>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}
