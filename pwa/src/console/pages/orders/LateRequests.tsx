/** Requests that are overdue, as they stand on the board beside overdue orders. */
import { tc } from '../../../i18n/console';
import { useLoad, type Loaded } from '../../model/load';
import { mayAt } from '../../model/may';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import type { Queue, Row } from '../requests/types';
import { Due, kindWords, placeWords, StateChip } from '../requests/words';

/** What is overdue at the desk; nothing for whoever does not work there. */
export function useLateRequests(site: SiteRef): Loaded<Queue> {
  return useLoad<Queue>(mayAt(site, 'handle.requests') ? `/sites/${site.id}/requests?late=true` : null);
}

/** One of them: what was asked and where, since when it is over, who follows it. */
export function RequestCard({ row, siteId, now }: { row: Row; siteId: string; now: number }) {
  return (
    <article class="wo wo--bad">
      <div class="wo__top">
        <span class="code">{row.number}</span>
        <StateChip state={row.state} />
      </div>
      <h3>
        <a href={to(siteId, 'requests', row.id)}>{row.text || kindWords(row)}</a>
      </h3>
      <Due row={row} now={now} />
      <p>{[kindWords(row), placeWords(row), row.urgency === 'normal' ? '' : tc(`desk.urgency.${row.urgency}`)].filter(Boolean).join(' · ')}</p>
      <div class="wo__bot">
        <span>{row.owner?.name ?? tc('desk.nobody')}</span>
      </div>
    </article>
  );
}
