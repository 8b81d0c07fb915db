import { tc, type ConsoleKey } from '../../../i18n/console';
import { span } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { Icon } from '../../../ui/Icon';
import type { OccurrenceState } from '../../../ui/State';
import { addDays, longDay, momentOf, stamp } from '../../dates';
import { useLoad } from '../../model/load';
import { mayAt } from '../../model/may';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, Panel, SiteSwitch } from '../../parts/Page';
import { go, place, to } from '../../route';
import type { PageProps, SiteRef, Sums } from '../../types';
import { Exports } from './Exports';
import { behind, Count, HonestBar, periodHere, PeriodPicker, shareWords } from './parts';
import { dayAfter, firstDay, periodWords, step } from './periods';
import { Fresh } from './ScorePage';
import type { Axis, Gap, PersonFigures, Report, Unscanned } from './types';

const TABLES = ['plans', 'routes', 'teams', 'days', 'people', 'places'] as const;
type TableName = (typeof TABLES)[number];

/** The figures by plan, route, team, day and person, beside those of another period; places that nobody scanned. */
export function ReportsPage({ site }: PageProps) {
  const { query } = place.value;
  const period = periodHere(site);
  const against = query['against'] ?? '';
  const tables = TABLES.filter((name) => name !== 'people' || mayAt(site, 'see.people'));
  const table = tables.find((name) => name === query['table']) ?? 'plans';
  const loaded = useLoad<Report>(`/sites/${site.id}/report?period=${encodeURIComponent(period)}${against ? `&against=${encodeURIComponent(against)}` : ''}`);
  const set = (changes: Record<string, string | null>) => go(to(site.id, 'reports', null, { ...place.peek().query, ...changes }));
  const before = step(period, -1);
  return (
    <Page
      title={tc('nav.reports')}
      sub={against ? tc('reports.beside', { a: periodWords(period), b: periodWords(against) }) : periodWords(period)}
      side={
        <>
          {loaded.value && <Fresh report={loaded.value} zone={site.time_zone} />}
          <SiteSwitch />
        </>
      }
      acts={<Button icon="score" href={to(site.id, 'score', null, { period })}>{tc('nav.score')}</Button>}
    >
      <PeriodPicker site={site} page="reports" />
      <div class="filters" role="group" aria-label={tc('reports.tables')}>
        {tables.map((name) => (
          <button key={name} type="button" class="fil" aria-pressed={name === table} onClick={() => set({ table: name })}>
            {tc(`reports.${name}`)}
          </button>
        ))}
        <label class="fil fil--select against" data-on={against === '' ? undefined : ''}>
          <Icon name="swap" />
          <span>{tc('reports.against')}</span>
          <select value={against} onChange={(event) => set({ against: event.currentTarget.value || null })}>
            <option value="">{tc('reports.alone')}</option>
            {[...new Set([before, yearBefore(period), against])].filter(Boolean).map((key) => (
              <option key={key} value={key}>
                {periodWords(key)}
              </option>
            ))}
          </select>
          <Icon name="down" />
        </label>
      </div>
      <Exports siteId={site.id} period={period} table={table === 'people' || table === 'places' ? 'plans' : table} />
      {table === 'people' ? <People site={site} period={period} /> : table === 'places' ? <Places site={site} /> : loaded.value ? (
        <Figures site={site} report={loaded.value} table={table} />
      ) : loaded.problem ? (
        <Failure problem={loaded.problem} onAgain={loaded.reload} />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}

/** The same period a year before, where it has a name of its own. */
function yearBefore(key: string): string {
  return key.includes('W') || key.includes('..') || key.length === 10 ? '' : `${Number(key.slice(0, 4)) - 1}${key.slice(4)}`;
}

type Line = { key: string | null; name: string; sums: Sums; against: Sums | null; gap: Gap | null };
const COUNTS = ['done', 'late', 'partial', 'missed', 'unheard', 'unproven', 'excused'] as const satisfies readonly OccurrenceState[];

function linesOf(report: Report, table: Exclude<TableName, 'people' | 'places'>, zone: string, startMin: number): Line[] {
  if (table === 'days') return report.days.map((day) => ({ key: day.day, name: longDay(momentOf(day.day, startMin, zone), zone), sums: day.sums, against: null, gap: null }));
  const nobody = tc(table === 'teams' ? 'reports.everybody' : 'score.other');
  return report[table].map((row) => ({ ...row, name: row.name ? say(row.name) : nobody }));
}

function Figures({ site, report, table }: { site: SiteRef; report: Report; table: Exclude<TableName, 'people' | 'places'> }) {
  const lines = linesOf(report, table, site.time_zone, site.day_start_min);
  const axis = table.slice(0, -1) as Axis;
  const key = report.period.key;
  const gaps = table !== 'days';
  if (lines.length === 0) {
    return (
      <div class="panel below">
        <Empty icon="score" title={tc('score.none')}>
          {tc('score.empty.why')}
        </Empty>
      </div>
    );
  }
  return (
    <div class="tablewrap below">
      <table class="stack">
        <caption class="vh">{tc(`reports.${table}`)}</caption>
        <thead>
          <tr>
            <th scope="col">{tc(`reports.${table}`)}</th>
            <th scope="col">{tc('score.bar')}</th>
            <th scope="col" class="r">{tc('score.due')}</th>
            {COUNTS.map((state) => (
              <th key={state} scope="col" class="r">
                {tc(`part.${state}`)}
              </th>
            ))}
            <th scope="col" class="r">{tc('score.share')}</th>
            {report.against && gaps && <th scope="col" class="r">{periodWords(report.against.period.key)}</th>}
            {gaps && <th scope="col" class="r">{tc('reports.gap')}</th>}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.key ?? ''}>
              <td class="w">
                <a href={behind(site.id, key, axis, line.key)}>{line.name}</a>
              </td>
              <td class="barcell">{line.sums.due > 0 ? <HonestBar sums={line.sums} /> : '—'}</td>
              <td class="r num" data-label={tc('score.due')}>
                <Count n={line.sums.due} href={behind(site.id, key, axis, line.key, 'due')} />
              </td>
              {COUNTS.map((state) => (
                <td key={state} class="r num" data-label={tc(`part.${state}`)}>
                  <Count n={line.sums[state]} href={behind(site.id, key, axis, line.key, state)} />
                </td>
              ))}
              <td class="r rng num">{shareWords(line.sums.low, line.sums.high)}</td>
              {report.against && gaps && <td class="r num" data-label={periodWords(report.against.period.key)}>{line.against ? shareWords(line.against.low, line.against.high) : '—'}</td>}
              {gaps && <td class="r nb num" data-label={tc('reports.gap')}>{gapWords(line.gap)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** How long the longest stretch without a completed round was; with rounds not heard in it, at most. */
function gapWords(gap: Gap | null): string {
  if (gap === null) return '—';
  const length = span(gap.to_ms - gap.from_ms);
  return gap.unsure > 0 ? tc('reports.gap.most', { time: length }) : length;
}

function People({ site, period }: { site: SiteRef; period: string }) {
  const found = useLoad<{ people: PersonFigures[] }>(`/sites/${site.id}/report/people?period=${encodeURIComponent(period)}`);
  if (found.value === null) return found.problem ? <Failure problem={found.problem} onAgain={found.reload} /> : <Waiting />;
  const days = { from: firstDay(period), to: addDays(dayAfter(period), -1) };
  return (
    <Panel title={tc('reports.people')} fact={tc('reports.people.fact')} flush class="below">
      <div class="tablewrap">
        <table class="stack">
          <caption class="vh">{tc('reports.people')}</caption>
          <thead>
            <tr>
              <th scope="col">{tc('log.who')}</th>
              {(['reports.visits', 'reports.faults', 'reports.marked'] as ConsoleKey[]).map((head) => (
                <th key={head} scope="col" class="r">
                  {tc(head)}
                </th>
              ))}
              {(['done', 'late', 'partial', 'unproven'] as const).map((state) => (
                <th key={state} scope="col" class="r">
                  {tc('reports.rounds', { state: tc(`part.${state}`) })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.value.people.map((row) => (
              <tr key={row.person.id}>
                <td class="w">
                  <a href={to(site.id, 'log', null, { person: row.person.id, ...days })}>{row.person.name}</a>
                </td>
                <td class="r num" data-label={tc('reports.visits')}>
                  <Count n={row.visits} href={to(site.id, 'log', null, { person: row.person.id, ...days })} />
                </td>
                <td class="r num" data-label={tc('reports.faults')}>
                  <Count n={row.faults} href={to(site.id, 'log', null, { person: row.person.id, faulty: 'true', ...days })} />
                </td>
                <td class="r num" data-label={tc('reports.marked')}>
                  <Count n={row.marked} href={to(site.id, 'log', null, { person: row.person.id, marked: 'true', ...days })} />
                </td>
                {(['done', 'late', 'partial', 'unproven'] as const).map((state) => (
                  <td key={state} class="r num" data-label={tc(`part.${state}`)}>
                    <Count n={row.rounds[state]} href={to(site.id, 'behind', null, { period, axis: 'person', key: row.person.id, state })} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

function Places({ site }: { site: SiteRef }) {
  const days = Number(place.value.query['days'] ?? '7') || 7;
  const found = useLoad<Unscanned>(`/sites/${site.id}/report/places?days=${days}`);
  const set = (n: number) => go(to(site.id, 'reports', null, { ...place.peek().query, days: String(n) }));
  return (
    <Panel title={tc('reports.places')} fact={found.value ? tc('reports.places.fact', { n: found.value.places.length, m: found.value.in_use }) : undefined} class="below">
      <div class="filters" role="group" aria-label={tc('reports.places')}>
        {[1, 3, 7, 14, 30].map((n) => (
          <button key={n} type="button" class="fil" aria-pressed={n === days} onClick={() => set(n)}>
            {tc('reports.days_n', { n })}
          </button>
        ))}
      </div>
      {found.value === null ? (
        found.problem ? <Failure problem={found.problem} onAgain={found.reload} /> : <Waiting />
      ) : found.value.places.length === 0 ? (
        <p>{tc('reports.places.none', { n: days })}</p>
      ) : (
        <table class="stack">
          <caption class="vh">{tc('reports.places')}</caption>
          <thead>
            <tr>
              {(['log.place', 'reports.last', 'reports.since'] as const).map((head) => (
                <th key={head} scope="col">
                  {tc(head)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.value.places.map(({ place: one, last_ms, days: since, on_route }) => (
              <tr key={one.id}>
                <td class="w">
                  <b>{`${one.number} ${say(one.name)}`}</b>
                  {!on_route && <small>{tc('reports.no_route')}</small>}
                </td>
                <td class="nb num">{last_ms === null ? tc('reports.never') : stamp(last_ms, site.time_zone)}</td>
                <td class="num">{since === null ? '—' : tc('reports.days_n', { n: since })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
