import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { language } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { getFile, type Problem } from '../../api';
import { dayOf } from '../../dates';
import { asProblem, useLoad } from '../../model/load';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { Page, SiteSwitch } from '../../parts/Page';
import { save } from '../../parts/save';
import { NoThings } from '../../parts/things';
import { place, setQuery, to } from '../../route';
import type { SiteRef } from '../../types';
import type { YearCell, YearRow } from './types';

const ICONS = { planned: 'st-upcoming', open: 'st-progress', done: 'st-done', skipped: 'st-excused' } as const;

/** The maintenance plan of a year: for each thing, what was done, is open and is planned in each month. */
export function YearPage({ site }: { site: SiteRef }) {
  const now = Number(dayOf(Date.now(), site.time_zone).slice(0, 4));
  const year = Number(place.value.query['year'] ?? now);
  const load = useLoad<{ rows: YearRow[] }>(`/sites/${site.id}/upkeep/year?year=${year}`);
  const rows = load.value?.rows ?? [];
  return (
    <Page
      title={tc('upkeep.year.of', { year })}
      crumbs={[{ href: to(site.id, 'upkeep'), word: tc('nav.upkeep') }, { word: tc('upkeep.year') }]}
      side={<SiteSwitch />}
      acts={<Files siteId={site.id} year={year} />}
    >
      <div class="filters" role="group" aria-label={tc('upkeep.year')}>
        {[now - 1, now, now + 1].map((one) => (
          <button key={one} type="button" class="fil num" aria-pressed={one === year} onClick={() => setQuery({ year: String(one) })}>{one}</button>
        ))}
      </div>
      {load.value === null ? (
        load.problem ? <Failure problem={load.problem} onAgain={load.reload} /> : <Waiting />
      ) : rows.length === 0 ? (
        <NoThings icon="clock" title={tc('upkeep.empty')} why={tc('upkeep.empty.why')} />
      ) : (
        <>
          <div class="tablewrap">
            <table class="stack yearplan">
              <caption class="vh">{tc('upkeep.year.of', { year })}</caption>
              <thead>
                <tr>
                  <th scope="col">{tc('thing.name')}</th>
                  {Array.from({ length: 12 }, (_, n) => <th key={n} scope="col" class="num">{tc('upkeep.month', { n: n + 1 })}</th>)}
                </tr>
              </thead>
              <tbody>
                {rows.map((row) => (
                  <tr key={`${row.rule} ${row.thing.number}`}>
                    <th scope="row">
                      <a href={to(site.id, 'upkeep', row.rule)} lang={langOf(row.name)}>{say(row.name)}</a>
                      <small class="line2">{[row.thing.number && `${row.thing.number} ${say(row.thing.name)}`, row.demand].filter(Boolean).join(' · ')}</small>
                    </th>
                    {row.months.map((cells, n) => <td key={n} data-label={tc('upkeep.month.in', { n: n + 1 })} data-none={cells.length === 0 ? '' : undefined}>{cells.map((cell, i) => <Cell key={i} cell={cell} month={n + 1} />)}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <p class="meta withicon">
            {(['planned', 'open', 'done', 'skipped'] as const).map((what) => <span key={what} class="withicon"><Icon name={ICONS[what]} /> {tc(`upkeep.cell.${what}`)} </span>)}
          </p>
          <p class="meta">{tc('upkeep.year.why')}</p>
        </>
      )}
    </Page>
  );
}

/** The plan as a paper to sign and seal, and as a workbook. */
function Files({ siteId, year }: { siteId: string; year: number }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const take = async (suffix: 'pdf' | 'xlsx'): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      save(await getFile(`/sites/${siteId}/upkeep/year/${suffix}?year=${year}&lang=${language.value}`), `${tc('upkeep.year.of', { year })}.${suffix}`);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Refusal problem={problem} />
      <Button icon="print" busy={busy} onPress={() => void take('pdf')}>PDF</Button>
      <Button icon="export" busy={busy} onPress={() => void take('xlsx')}>XLSX</Button>
    </>
  );
}

function Cell({ cell, month }: { cell: YearCell; month: number }) {
  const words = `${tc(`upkeep.cell.${cell.what}`)} ${month}-${cell.day}${cell.forecast ? ` (${tc('upkeep.forecast')})` : ''}`;
  return (
    <span class="yearplan__c" data-what={cell.what} title={words}>
      <Icon name={ICONS[cell.what]} />
      <span class="num" aria-hidden="true">{cell.forecast ? `≈${cell.day}` : cell.day}</span>
      <span class="vh">{words}</span>
    </span>
  );
}
