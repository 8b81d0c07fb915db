/** Rules of upkeep in words. */
import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { StateWord } from '../../../ui/State';
import { dayOf } from '../../dates';
import { recurrenceWords } from '../../recurrence';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import type { Thread, UpkeepRule } from './types';

/** When it comes: `每半年`, `每 250 h`, or both. */
export function whenWords({ recurrence, meter, threads }: Pick<UpkeepRule, 'recurrence' | 'meter' | 'threads'>): string {
  const unit = threads.find((thread) => thread.meter)?.meter?.unit ?? '';
  const words: string[] = [];
  if (recurrence) words.push(recurrenceWords(recurrence));
  if (meter) words.push(tc('upkeep.every', { n: meter.every, unit }));
  return words.length > 1 ? tc('upkeep.either', { a: words[0]!, b: words[1]! }) : (words[0] ?? '—');
}

/** Where a thread stands: what is open and whether it is late, or what comes next. */
export function Standing({ site, thread, paused }: { site: SiteRef; thread: Thread; paused: boolean }) {
  const zone = site.time_zone;
  const { open, next } = thread;
  if (open?.order) {
    return (
      <>
        <StateWord look={open.late ? { tone: 'bad', icon: 'st-late', word: 'rec.marked' } : { tone: 'live', icon: 'st-progress', word: 'rec.marked' }}>
          {tc(open.late ? 'upkeep.late' : 'upkeep.open')} · <a class="num" href={to(site.id, 'orders', open.order.id)}>{open.order.number}</a>
        </StateWord>
        {open.order.due_ms !== null && <small class="line2">{tc('upkeep.due', { day: dayOf(open.order.due_ms, zone) })}</small>}
        {open.joined > 0 && <small class="line2">{tc('upkeep.joined', { n: open.joined })}</small>}
      </>
    );
  }
  if (paused) return <>{tc('upkeep.paused')}</>;
  if (!thread.in_use) return <>{tc('place.retired')}</>;
  if (!next) return <span class="meta">{tc(thread.no_meter ? 'upkeep.no_meter' : 'upkeep.nothing')}</span>;
  return (
    <>
      <span class="num">{dayOf(next.from_ms, zone)}</span>
      {next.forecast && ` · ${tc('upkeep.forecast')}`}
      {thread.left !== null && thread.meter && <small class="line2">{tc('upkeep.left', { n: thread.left, unit: thread.meter.unit })}</small>}
      {thread.no_meter && <small class="line2">{tc('upkeep.no_meter')}</small>}
    </>
  );
}

/** The thing that is kept up; of the whole site, nothing but that. */
export function Thing({ site, thread }: { site: SiteRef; thread: Thread }) {
  const words = `${thread.number} ${say(thread.name)}`.trim();
  if (thread.target === null) return <>{tc('upkeep.site')}</>;
  return thread.target.kind === 'asset' ? <a href={to(site.id, 'assets', thread.target.id)} lang={langOf(thread.name)}>{words}</a> : <span lang={langOf(thread.name)}>{words}</span>;
}
