import { tc, type ConsoleKey } from '../../../i18n/console';
import { t } from '../../../i18n/t';
import { clockTime } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button, IconButton } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { fillOf, occurrenceLooks, type OccurrenceState } from '../../../ui/State';
import { addDays, dayOf } from '../../dates';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, SiteSwitch } from '../../parts/Page';
import { FindPage, useThings } from '../../parts/things';
import { to } from '../../route';
import { recurrenceWords, windowsWords } from '../../recurrence';
import type { Plan, SiteRef } from '../../types';

type MonthWindow = { occurrence: string | null; from_ms: number; to_ms: number; number: number; state: OccurrenceState | 'planned'; done: number; total: number };
type Month = { month: string; windows: MonthWindow[]; unknown_from: string | null };

/** A month of a plan: every window on its day, with the fill of its state; what is not cut yet is drawn hollow. */
export function PlanMonth({ site, id, month }: { site: SiteRef; id: string; month: string }) {
  const plans = useThings<Plan>(site.id, 'plans');
  const asked = /^\d{4}-\d{2}$/.test(month) ? `?month=${month}` : '';
  const load = useLoad<Month>(`/sites/${site.id}/plans/${id}/calendar${asked}`);
  const back = { href: to(site.id, 'plans'), word: tc('nav.plans') };
  return (
    <FindPage load={plans} pick={(one) => one.id === id} title={back.word} back={back}>
      {(plan) => (
        <Page
          title={say(plan.name)}
          sub={`${recurrenceWords(plan.recurrence)} · ${windowsWords(plan.recurrence)}`}
          side={
            <>
              <SiteSwitch />
              {load.value && <MonthPicker month={load.value.month} siteId={site.id} id={id} />}
            </>
          }
          acts={
            may('change.plan') && (
              <Button icon="doc" href={to(site.id, 'plans', id)}>
                {tc('month.edit')}
              </Button>
            )
          }
        >
          {load.value ? <Grid month={load.value} site={site} plan={plan} /> : load.problem ? <Failure problem={load.problem} onAgain={load.reload} /> : <Waiting />}
        </Page>
      )}
    </FindPage>
  );
}

function MonthPicker({ month, siteId, id }: { month: string; siteId: string; id: string }) {
  const at = (next: string) => to(siteId, 'plans', id, { month: next });
  return (
    <span class="days">
      <IconButton name="back" label={tc('month.before')} href={at(shifted(month, -1))} />
      <b class="tnum">{month}</b>
      <IconButton name="next" label={tc('month.after')} href={at(shifted(month, 1))} />
    </span>
  );
}

function Grid({ month, site, plan }: { month: Month; site: SiteRef; plan: Plan }) {
  const first = `${month.month}-01`;
  const last = addDays(`${shifted(month.month, 1)}-01`, -1);
  const byDay = new Map<string, MonthWindow[]>();
  for (const one of month.windows) {
    // what began before the month is told on its first day
    const day = dayOf(one.from_ms, site.time_zone, site.day_start_min);
    const on = day < first ? first : day;
    byDay.set(on, [...(byDay.get(on) ?? []), one]);
  }
  const lead = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const today = dayOf(Date.now(), site.time_zone, site.day_start_min);
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return (
    <>
      {month.unknown_from && month.unknown_from <= last && <p class="note">{tc('preview.unknown', { day: month.unknown_from })}</p>}
      {month.windows.length === 0 && <p class="note">{tc('month.none')}</p>}
      <div class="monthhead" aria-hidden="true">
        {[1, 2, 3, 4, 5, 6, 7].map((day) => (
          <span key={day}>{tc(`day.${day}` as ConsoleKey)}</span>
        ))}
      </div>
      <ol class="month" aria-label={`${say(plan.name)} ${month.month}`}>
        {days.map((day, n) => (
          <li key={day} data-today={day === today ? '' : undefined} data-empty={byDay.has(day) ? undefined : ''} style={n === 0 && lead > 0 ? { gridColumnStart: lead + 1 } : undefined}>
            <span class="month__d">
              <b>{Number(day.slice(8))}</b>
              <small>{tc(`day.${((lead + n) % 7) + 1}` as ConsoleKey)}</small>
            </span>
            {(byDay.get(day) ?? []).map((one) => (
              <Mark key={`${one.from_ms} ${one.number}`} window={one} site={site} />
            ))}
          </li>
        ))}
      </ol>
    </>
  );
}

function Mark({ window, site }: { window: MonthWindow; site: SiteRef }) {
  const zone = site.time_zone;
  const long = window.to_ms - window.from_ms > 86_400_000;
  const clock = clockTime(window.to_ms, zone);
  const end = long ? dayOf(window.to_ms - 1, zone).slice(5) : clock === '00:00' ? '24:00' : clock;
  const times = `${clockTime(window.from_ms, zone)}–${end}`;
  if (window.state === 'planned' || window.occurrence === null) {
    return (
      <span class="monthw chip--line" data-tone="calm">
        <Icon name="st-upcoming" />
        <span class="tnum">{times}</span> <small>{tc('month.planned')}</small>
      </span>
    );
  }
  const look = occurrenceLooks[window.state];
  return (
    <a class={`monthw ${fillOf(window.state)}`} data-tone={look.tone} href={to(site.id, 'rounds', window.occurrence)}>
      <Icon name={look.icon} />
      <span class="tnum">{times}</span>
      <small>
        {t(look.word)} {window.total > 0 && window.state !== 'upcoming' && `${window.done}/${window.total}`}
      </small>
    </a>
  );
}

function shifted(month: string, n: number): string {
  const at = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + n;
  return `${String(Math.floor(at / 12)).padStart(4, '0')}-${String((at % 12) + 1).padStart(2, '0')}`;
}
