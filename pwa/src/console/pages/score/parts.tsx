/** What pages of figures share: the honest bar, shares, verdicts, and the choice of a period. */
import { tc, type ConsoleKey } from '../../../i18n/console';
import { Icon } from '../../../ui/Icon';
import { occurrenceLooks, StateWord, type OccurrenceState, type StateLook } from '../../../ui/State';
import { dayOf } from '../../dates';
import { go, place, to, type SitePage } from '../../route';
import type { SiteRef, Sums } from '../../types';
import { chosen, dayAfter, firstDay, keyAround, kindOf, periodWords, readKey, spanKey, step, type Chosen } from './periods';
import type { Axis, Verdict } from './types';
import { addDays } from '../../dates';

/** The order of the bar and of the counts under it. */
export const PARTS = ['done', 'late', 'partial', 'missed', 'unheard', 'unproven'] as const satisfies readonly OccurrenceState[];

/** Of all that was due: solid what is proven, half what came in part, hollow what did not come, hatched and dotted what is not known. */
export function HonestBar({ sums }: { sums: Sums }) {
  const words = PARTS.filter((part) => sums[part] > 0).map((part) => `${tc(`part.${part}`)} ${sums[part]}`);
  return (
    <div class="hbar" role="img" aria-label={words.join(', ') || tc('score.none')}>
      {PARTS.filter((part) => sums[part] > 0).map((part) => (
        <i key={part} data-s={part} style={{ '--n': String(sums[part]) }} />
      ))}
    </div>
  );
}

const thousandths = (share: string) => (Number(share) * 100).toFixed(1);

/** `96.8–98.7 %`, one figure where both ends agree, a dash where nothing was due. */
export function shareWords(low: string | null, high: string | null): string {
  if (low === null || high === null) return '—';
  return low === high ? `${thousandths(low)} %` : `${thousandths(low)}–${thousandths(high)} %`;
}

const verdictLooks: Record<Verdict, StateLook> = {
  met: occurrenceLooks.done,
  short: occurrenceLooks.missed,
  open: occurrenceLooks.unheard,
  none: occurrenceLooks.upcoming,
};

/** Whether a clause was kept: met, short by so many, or not to be said yet. */
export function VerdictWord({ verdict, lacking }: { verdict: Verdict; lacking: number }) {
  return <StateWord look={verdictLooks[verdict]}>{tc(`verdict.${verdict}`, { n: lacking })}</StateWord>;
}

/** The address of the rounds behind a figure. */
export function behind(siteId: string, period: string, axis: Axis, key: string | null, state?: OccurrenceState | 'due'): string {
  return to(siteId, 'behind', null, { period, axis: axis === 'all' ? null : axis, key, state: state ?? null });
}

/** A count that leads to the rounds behind it; nothing stands behind a nought. */
export function Count({ n, href }: { n: number; href: string }) {
  return n === 0 ? <span class="zero">0</span> : <a href={href}>{n.toLocaleString('en')}</a>;
}

/** The parts of a sum in words, each leading to its rounds. */
export function SumsWords({ sums, hrefOf }: { sums: Sums; hrefOf: (state: OccurrenceState) => string }) {
  const shown = [...PARTS, 'excused' as const].filter((part) => sums[part] > 0);
  return (
    <ul class="parts">
      {shown.map((part) => (
        <li key={part}>
          <a class="state" data-tone={occurrenceLooks[part].tone} href={hrefOf(part)}>
            <Icon name={occurrenceLooks[part].icon} />
            <span>{`${tc(`part.${part}`)} ${sums[part].toLocaleString('en')}`}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** The period of the address, the month now where it names none. */
export function periodHere(site: SiteRef): string {
  return readKey(place.value.query['period'], dayOf(Date.now(), site.time_zone, site.day_start_min));
}

/** Choose a kind of period, go to the one before or after, or type two days. */
export function PeriodPicker({ site, page }: { site: SiteRef; page: SitePage }) {
  const key = periodHere(site);
  const today = dayOf(Date.now(), site.time_zone, site.day_start_min);
  const kind = kindOf(key);
  const set = (next: string) => go(to(site.id, page, null, { ...place.peek().query, period: next }));
  const last = addDays(dayAfter(key), -1);
  return (
    <div class="filters period" role="group" aria-label={tc('period.choose')}>
      <label class="fil fil--select">
        <Icon name="plan" />
        <span class="vh">{tc('period.kind')}</span>
        <select value={kind} onChange={(event) => set(event.currentTarget.value === 'span' ? spanKey(firstDay(key), last < today ? last : today < firstDay(key) ? firstDay(key) : today) : keyAround(firstDay(key) <= today && today <= last ? today : firstDay(key), event.currentTarget.value as Chosen))}>
          {[...chosen, 'span' as const].map((one) => (
            <option key={one} value={one}>
              {tc(`period.kind.${one}` as ConsoleKey)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </label>
      <span class="period__step">
        <button type="button" class="fil" aria-label={tc('period.before')} onClick={() => set(step(key, -1))}>
          <Icon name="back" />
        </button>
        {kind === 'span' ? (
          <span class="fil fil--span">
            <input type="date" aria-label={tc('log.from')} value={firstDay(key)} max={last} onChange={(event) => event.currentTarget.value && set(spanKey(event.currentTarget.value, last))} />
            <span aria-hidden="true">–</span>
            <input type="date" aria-label={tc('log.to')} value={last} min={firstDay(key)} onChange={(event) => event.currentTarget.value && set(spanKey(firstDay(key), event.currentTarget.value))} />
          </span>
        ) : (
          <b class="fil period__now">{periodWords(key)}</b>
        )}
        <button type="button" class="fil" aria-label={tc('period.after')} onClick={() => set(step(key, 1))}>
          <Icon name="next" />
        </button>
      </span>
    </div>
  );
}
