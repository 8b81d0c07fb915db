import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { language } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { getFile, type Problem } from '../../api';
import { dayOf } from '../../dates';
import { asProblem, useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { Page, Panel, SiteSwitch } from '../../parts/Page';
import { save } from '../../parts/save';
import { place, setQuery } from '../../route';
import type { PageProps } from '../../types';
import type { Figures, Month } from './types';

/** The month of the desk: complaints by whose matter they are, requests by kind, class and part of the site, and the register. */
export function ComplaintsPage({ site }: PageProps) {
  const today = dayOf(Date.now(), site.time_zone, 0);
  const asked = place.value.query['month'];
  const month = asked && /^20\d\d-(0[1-9]|1[0-2])$/.test(asked) ? asked : today.slice(0, 7);
  const loaded = useLoad<Month>(`/sites/${site.id}/requests/month?month=${month}`);
  const [problem, setProblem] = useState<Problem | null>(null);
  const step = (n: number) => {
    const at = new Date(`${month}-15T00:00:00Z`);
    at.setUTCMonth(at.getUTCMonth() + n);
    setQuery({ month: at.toISOString().slice(0, 7) });
  };
  const take = async (form: 'pdf' | 'xlsx' | 'csv'): Promise<void> => {
    setProblem(null);
    try {
      const query = new URLSearchParams({ period: month, lang: language.value });
      save(await getFile(`/sites/${site.id}/complaints/${form}?${query.toString()}`), `complaints-${month}.${form}`);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  const found = loaded.value;
  return (
    <Page title={tc('nav.complaints')} sub={month} side={<SiteSwitch />}>
      <div class="filters period" role="group" aria-label={tc('desk.month')}>
        <span class="period__step">
          <button type="button" class="iconbtn" aria-label={tc('desk.month.before')} onClick={() => step(-1)}><Icon name="back" /></button>
          <b class="num">{month}</b>
          <button type="button" class="iconbtn" aria-label={tc('desk.month.after')} onClick={() => step(1)}><Icon name="next" /></button>
        </span>
        {may('handle.requests') && (
          <>
            <Button icon="print" kind="ink" onPress={() => void take('pdf')}>{tc('desk.register')}</Button>
            <Button onPress={() => void take('xlsx')}>XLSX</Button>
            <Button onPress={() => void take('csv')}>CSV</Button>
          </>
        )}
      </div>
      <Refusal problem={problem} />
      {!found ? (
        loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />
      ) : (
        <>
          <p class="meta">{tc('desk.month.sum', { n: found.requests, merged: found.merged, withdrawn: found.withdrawn })}</p>
          <Counted title={tc('desk.by.department')} rows={found.departments} name={(row) => (row.name ? say(row.name) : tc('desk.department.none'))} />
          <Counted title={tc('desk.by.kind')} rows={found.kinds} name={(row) => tc(`desk.kind.${row.key as 'repair'}`)} />
          <Counted title={tc('desk.by.class')} rows={found.classes} name={(row) => tc(`desk.class.${row.key as 'water'}`)} />
          <Counted title={tc('desk.by.zone')} rows={found.zones} name={(row) => (row.name ? say(row.name) : tc('zone.none'))} />
          <Panel title={tc('desk.clauses')} fact={tc('desk.clauses.why')} class="below" flush>
            <table class="stack">
              <thead>
                <tr>
                  {(['desk.clause', 'desk.clause.due', 'desk.clause.met', 'desk.clause.late', 'desk.clause.open'] as const).map((key, n) => (
                    <th key={key} scope="col" class={n > 0 ? 'r' : undefined}>{tc(key)}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {found.clauses.map((row) => (
                  <tr key={row.clause}>
                    <td class="w">{row.clause || tc('desk.what.window')}</td>
                    <td class="r num" data-label={tc('desk.clause.due')}>{row.due}</td>
                    <td class="r num" data-label={tc('desk.clause.met')}>{row.met}</td>
                    <td class="r num" data-label={tc('desk.clause.late')}>{row.late}</td>
                    <td class="r num" data-label={tc('desk.clause.open')}>{row.open}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Panel>
        </>
      )}
    </Page>
  );
}

function Counted({ title, rows, name }: { title: string; rows: readonly Figures[]; name: (row: Figures) => string }) {
  const columns = ['received', 'done', 'open', 'satisfied', 'dissatisfied', 'late'] as const;
  if (rows.length === 0) return null;
  return (
    <Panel title={title} class="below" flush>
      <table class="stack">
        <thead>
          <tr>
            <th scope="col">{tc('desk.name.of')}</th>
            {columns.map((column) => (
              <th key={column} scope="col" class="r">{tc(`desk.count.${column}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, n) => (
            <tr key={row.key ?? n}>
              <td class="w"><b>{name(row)}</b></td>
              {columns.map((column) => (
                <td key={column} class="r num" data-label={tc(`desk.count.${column}`)}>{row[column]}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
