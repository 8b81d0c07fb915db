import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { Icon } from '../../../ui/Icon';
import { longDay, stamp } from '../../dates';
import { useLoad } from '../../model/load';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { Page, SiteSwitch } from '../../parts/Page';
import { to } from '../../route';
import type { PageProps, SiteRef } from '../../types';
import { Closed } from './Closed';
import { Corrected } from './Corrected';
import { Exports } from './Exports';
import { behind, Count, HonestBar, periodHere, PeriodPicker, shareWords, SumsWords, VerdictWord } from './parts';
import { periodWords } from './periods';
import { Served } from './Served';
import { Trend } from './Trend';
import type { Report, ScoreRow } from './types';

/** Clause by clause: what was due, what became of it, and whether that is enough. */
export function ScorePage({ site }: PageProps) {
  const period = periodHere(site);
  const loaded = useLoad<Report>(`/sites/${site.id}/report?period=${encodeURIComponent(period)}`);
  return (
    <Page
      title={tc('nav.score')}
      sub={periodWords(period)}
      side={
        <>
          {loaded.value && <Fresh report={loaded.value} zone={site.time_zone} />}
          <SiteSwitch />
        </>
      }
      acts={<Button icon="list" href={to(site.id, 'reports', null, { period })}>{tc('nav.reports')}</Button>}
    >
      <PeriodPicker site={site} page="score" />
      {loaded.value && <Refusal problem={loaded.problem} />}
      {loaded.value ? <Score site={site} report={loaded.value} onChanged={loaded.reload} /> : loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />}
    </Page>
  );
}

/** Up to when phones were heard, and how many are silent. */
export function Fresh({ report, zone }: { report: Report; zone: string }) {
  const { total, silent } = report.phones;
  return (
    <span class="fresh">
      <Icon name="rc-received" />
      {report.received_ms === null ? tc('score.never') : tc('score.received', { time: stamp(report.received_ms, zone) })}
      {silent > 0 && ` · ${tc('score.silent', { n: silent, m: total })}`}
    </span>
  );
}

function Score({ site, report, onChanged }: { site: SiteRef; report: Report; onChanged: () => void }) {
  const key = report.period.key;
  return (
    <>
      <Whole site={site} report={report} />
      <Exports siteId={site.id} period={key} table="score" served />
      {report.demands.length === 0 ? (
        <div class="panel below">
          <Empty icon="score" title={tc('score.empty')}>
            {tc('score.empty.why')}
          </Empty>
        </div>
      ) : (
        <div class="tablewrap below">
          <table class="stack scoretable">
            <caption class="vh">{tc('nav.score')}</caption>
            <thead>
              <tr>
                {(['score.clause', 'score.demand', 'score.figure', 'score.bar'] as const).map((head) => (
                  <th key={head} scope="col">
                    {tc(head)}
                  </th>
                ))}
                <th scope="col" class="r">{tc('score.due')}</th>
                <th scope="col" class="r">{tc('score.share')}</th>
                <th scope="col">{tc('score.verdict')}</th>
              </tr>
            </thead>
            <tbody>
              {report.demands.map((row) => (
                <Clause key={row.key ?? ''} row={row} site={site} period={key} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <Served site={site} period={key} />
      <Closed site={site} report={report} onClosed={onChanged} />
      <Corrected site={site} period={key} />
      <Trend siteId={site.id} period={key} />
      <p class="meta below">{tc('score.rule')}</p>
    </>
  );
}

/** The number of the whole period: closed it is one, else it is an interval while anything is not known. */
function Whole({ site, report }: { site: SiteRef; report: Report }) {
  const closed = report.closed.revisions.at(-1);
  const sums = closed?.sums ?? report.sums;
  const key = report.period.key;
  return (
    <div class="panel panel__b score">
      <div>
        <span class="meta">{tc(closed ? 'score.closed' : 'score.share')}</span>
        <div class="score__n num">{closed ? shareWords(closed.share, closed.share) : shareWords(sums.low, sums.high)}</div>
      </div>
      <div class="grow score__bar">
        <HonestBar sums={sums} />
        <p>
          <b>{tc('score.due.n', { n: sums.due })}</b>
        </p>
        <SumsWords sums={sums} hrefOf={(state) => behind(site.id, key, 'all', null, state)} />
      </div>
      <p class="meta score__how">{tc(closed ? 'closed.rule' : 'score.range')}</p>
    </div>
  );
}

function Clause({ row, site, period }: { row: ScoreRow; site: SiteRef; period: string }) {
  const { demand, sums } = row;
  const all = behind(site.id, period, 'demand', row.key);
  return (
    <tr>
      <td class="code">{demand ? <a href={all}>{demand.id}</a> : '—'}</td>
      <td class="w">
        <b>{demand === null ? tc('score.other') : demand.text ? say(demand.text) : demand.id}</b>
      </td>
      <td>{demand?.figure ? say(demand.figure) : '—'}</td>
      <td class="barcell">
        {sums.due > 0 ? <HonestBar sums={sums} /> : <span class="meta">{row.next_ms === null ? tc('score.none') : tc('score.next', { day: longDay(row.next_ms, site.time_zone) })}</span>}
      </td>
      <td class="r num" data-label={tc('score.due')}>
        <Count n={sums.due} href={behind(site.id, period, 'demand', row.key, 'due')} />
      </td>
      <td class="r rng num">{shareWords(sums.low, sums.high)}</td>
      <td class="nb">
        {row.lacking > 0 ? (
          <a class="plain" href={to(site.id, 'behind', null, { period, axis: 'demand', key: row.key, state: 'short' })}>
            <VerdictWord verdict={row.verdict} lacking={row.lacking} />
          </a>
        ) : (
          <VerdictWord verdict={row.verdict} lacking={row.lacking} />
        )}
      </td>
    </tr>
  );
}
