import { Fragment } from 'preact';
import { tc } from '../../../i18n/console';
import { clockTime } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { Icon } from '../../../ui/Icon';
import { StateWord } from '../../../ui/State';
import { addDays, dayOf, longDay, momentOf, otherZone } from '../../dates';
import { useLoad } from '../../model/load';
import { mayAt } from '../../model/may';
import { Asked } from '../../parts/Answers';
import { DaySpan, FilterRow, Pick } from '../../parts/filters';
import { Page, SiteSwitch } from '../../parts/Page';
import { contentText, PlaceLink, ProofIcons, RecordState, visitLook, VisitTime } from '../../parts/visit';
import { go, place, to } from '../../route';
import type { Checkpoint, PageProps, Person, Plan, VisitPage, VisitRow } from '../../types';
import { askFor, narrows, readFilters, type Filters } from './filters';

const LIMIT = 50;

/** Every visit, the latest first, with filters that stand in the address. */
export function LogPage({ site }: PageProps) {
  const { time_zone: zone, day_start_min: startMin } = site;
  const filters = readFilters(place.value.query, zone, startMin, Date.now());
  const loaded = useLoad<VisitPage>(`/sites/${site.id}/visits?${askFor(filters, zone, startMin, LIMIT)}`);
  const first = momentOf(filters.from, startMin, zone);
  const last = momentOf(filters.to, startMin, zone);
  const sub = tc('log.span', { a: longDay(first, zone), b: longDay(last, zone), time: clockTime(first, zone) });
  return (
    <Page title={tc('nav.patrol')} sub={otherZone(zone) ? `${sub} · ${zone}` : sub} side={<SiteSwitch />} acts={<span class="opt"><Button icon="print" onPress={() => print()}>{tc('act.print')}</Button></span>}>
      <FilterBar site={site} filters={filters} startMin={startMin} />
      <Asked loaded={loaded}>{(visits) => <Visits page={visits} filters={filters} siteId={site.id} zone={zone} />}</Asked>
    </Page>
  );
}

function change(siteId: string, changes: Record<string, string | null>): void {
  // another filter begins at the newest again
  go(to(siteId, 'log', null, { ...place.peek().query, before: null, ...changes }));
}

function FilterBar({ site, filters, startMin }: { site: PageProps['site']; filters: Filters; startMin: number }) {
  const sees = mayAt(site, 'see.plan');
  const plans = useLoad<{ plans: Plan[] }>(sees ? `/sites/${site.id}/plans` : null).value?.plans ?? [];
  const people = useLoad<{ people: Person[] }>(`/sites/${site.id}/people`).value?.people ?? [];
  const points = useLoad<{ checkpoints: Checkpoint[] }>(sees ? `/sites/${site.id}/checkpoints` : null).value?.checkpoints ?? [];
  const set = (changes: Record<string, string | null>) => change(site.id, changes);
  const today = dayOf(Date.now(), site.time_zone, startMin);
  return (
    <FilterRow onClear={narrows(filters) && (() => set({ plan: null, person: null, checkpoint: null, faulty: null, marked: null }))}>
      <DaySpan from={filters.from} to={filters.to} onFrom={(from) => set({ from, to: filters.to })} onTo={(to) => set({ from: filters.from, to })} />
      <button type="button" class="fil" aria-pressed={filters.from === today && filters.to === today} onClick={() => set({ from: today, to: today })}>
        {tc('nav.board')}
      </button>
      <button type="button" class="fil" aria-pressed={filters.from === addDays(today, -6) && filters.to === today} onClick={() => set({ from: addDays(today, -6), to: today })}>
        {tc('log.week')}
      </button>
      {sees && <Pick icon="route" label={tc('log.plan')} value={filters.plan} options={plans.map((one) => [one.id, say(one.name)])} onPick={(plan) => set({ plan })} />}
      <Pick icon="user" label={tc('log.who')} value={filters.person} options={people.map((one) => [one.id, one.name])} onPick={(person) => set({ person })} />
      {sees && <Pick icon="pin" label={tc('log.place')} value={filters.checkpoint} options={points.map((one) => [one.id, `${one.number} ${say(one.name)}`])} onPick={(checkpoint) => set({ checkpoint })} />}
      <button type="button" class="fil" aria-pressed={filters.faulty} onClick={() => set({ faulty: filters.faulty ? null : 'true' })}>
        <Icon name="report" />
        {tc('log.faulty')}
      </button>
      <button type="button" class="fil" aria-pressed={filters.marked} onClick={() => set({ marked: filters.marked ? null : 'true' })}>
        <Icon name="rc-marked" />
        {tc('log.marked')}
      </button>
    </FilterRow>
  );
}

function Visits({ page, filters, siteId, zone }: { page: VisitPage; filters: Filters; siteId: string; zone: string }) {
  if (page.visits.length === 0) {
    return (
      <div class="panel">
        <Empty icon="log" title={tc('log.empty')}>
          {narrows(filters) || filters.before !== '' ? tc('log.empty.filter') : tc('log.empty.why')}
        </Empty>
      </div>
    );
  }
  return (
    <>
      <div class="tablewrap">
        <table class="stack">
          <caption class="vh">{tc('log.caption')}</caption>
          <thead>
            <tr>
              {(['log.time', 'log.plan', 'log.place', 'log.who', 'log.content', 'log.proof', 'log.state', 'log.record'] as const).map((key) => (
                <th key={key} scope="col">
                  {tc(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {page.visits.map((visit, n) => {
              const day = longDay(visit.estimate_ms, zone);
              const before = page.visits[n - 1];
              return (
                <Fragment key={visit.id}>
                  {(!before || longDay(before.estimate_ms, zone) !== day) && (
                    <tr class="dayrow">
                      <th scope="colgroup" colSpan={8}>
                        {day}
                      </th>
                    </tr>
                  )}
                  <Row visit={visit} siteId={siteId} zone={zone} />
                </Fragment>
              );
            })}
          </tbody>
        </table>
      </div>
      <div class="pager">
        <span class="meta">{tc('log.legend')}</span>
        {filters.before !== '' && <Button icon="back" href={to(siteId, 'log', null, { ...place.value.query, before: null })}>{tc('log.newest')}</Button>}
        <span class="num meta">{tc('log.count', { n: page.visits.length })}</span>
        {page.next !== null && <Button after="next" href={to(siteId, 'log', null, { ...place.value.query, before: page.next })}>{tc('log.older')}</Button>}
      </div>
    </>
  );
}

function Row({ visit, siteId, zone }: { visit: VisitRow; siteId: string; zone: string }) {
  return (
    <tr>
      <td>
        <VisitTime visit={visit} zone={zone} now={visit.estimate_ms} />
      </td>
      <td>{visit.plan ? say(visit.plan) : tc('log.no_plan')}</td>
      <td class="w">
        <b>
          <PlaceLink visit={visit} siteId={siteId} />
        </b>
      </td>
      <td class="nb">{visit.person?.name ?? '—'}</td>
      <td>{contentText(visit)}</td>
      <td>
        <ProofIcons visit={visit} />
      </td>
      <td>
        <StateWord look={visitLook(visit)} />
      </td>
      <td class="nb">
        <RecordState visit={visit} /> <span class="code meta">#{visit.seq}</span>
      </td>
    </tr>
  );
}
