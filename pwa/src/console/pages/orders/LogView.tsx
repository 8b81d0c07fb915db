import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment, span } from '../../../i18n/format';
import { language } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { getFile, type Problem } from '../../api';
import { addDays, dayOf, isDay, momentOf } from '../../dates';
import { asProblem, useLoad } from '../../model/load';
import { Asked, Refusal } from '../../parts/Answers';
import { DaySpan, FilterRow } from '../../parts/filters';
import { Panel } from '../../parts/Page';
import { save } from '../../parts/save';
import { Table } from '../../parts/things';
import { go, place, to } from '../../route';
import type { SiteRef } from '../../types';
import { OrdersFrame } from './Frame';
import type { ClauseFigures, Log } from './types';
import { placeOf, titleOf } from './words';

/** The maintenance log (维修台账): what was done in a stretch of days, what it cost, how each clause was kept. */
export function LogView({ site }: { site: SiteRef }) {
  const { query } = place.value;
  const zone = site.time_zone;
  const today = dayOf(Date.now(), zone);
  const to_ = isDay(query['to']) ? query['to'] : today;
  const from = isDay(query['from']) ? query['from'] : addDays(to_, -30);
  const span_ = `from=${momentOf(from, 0, zone)}&to=${momentOf(addDays(to_, 1), 0, zone)}`;
  const { after } = query;
  const loaded = useLoad<Log>(`/sites/${site.id}/orders/log?${span_}${after ? `&after=${encodeURIComponent(after)}` : ''}`);
  const [problem, setProblem] = useState<Problem | null>(null);
  const set = (changes: Record<string, string | null>) => go(to(site.id, 'orders', null, { view: 'log', from, to: to_, ...changes }));
  const take = async (form: 'pdf' | 'csv' | 'xlsx') => {
    setProblem(null);
    try {
      save(await getFile(`/sites/${site.id}/orders/log/${form}?${span_}&lang=${language.value}`), `maintenance-log-${from}-${to_}.${form}`);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <OrdersFrame site={site} view="log" sub={tc('orders.log.sub')}>
      <FilterRow>
        <DaySpan from={from} to={to_} onFrom={(day) => set({ from: day })} onTo={(day) => set({ to: day })} />
        <span class="grow" />
        <Button icon="export" onPress={() => void take('pdf')}>PDF</Button>
        <Button icon="export" onPress={() => void take('xlsx')}>XLSX</Button>
        <Button icon="export" onPress={() => void take('csv')}>CSV</Button>
        <span class="opt"><Button icon="print" onPress={() => print()}>{tc('act.print')}</Button></span>
      </FilterRow>
      <Refusal problem={problem} />
      <Asked loaded={loaded}>{(log) => <LogTables site={site} log={log} onNext={(after) => set({ after })} />}</Asked>
    </OrdersFrame>
  );
}

function LogTables({ site, log, onNext }: { site: SiteRef; log: Log; onNext: (after: string) => void }) {
  const zone = site.time_zone;
  const now = Date.now();
  if (log.orders.length === 0 && log.figures.length === 0) {
    return (
      <div class="panel">
        <Empty icon="doc" title={tc('orders.log.empty')}>{tc('orders.log.empty.why')}</Empty>
      </div>
    );
  }
  const { sum, after } = log;
  return (
    <>
      {log.figures.length > 0 && <Figures figures={log.figures} />}
      <Panel title={tc('orders.log.title')} fact={tc('orders.log.total', { n: sum.orders, sum: `${sum.total} ${log.currency}` })} flush class="below">
        <Table
          caption={tc('orders.log.title')}
          rows={log.orders}
          columns={[
            { head: tc('orders.number'), tight: true, cell: (one) => <a class="code" href={to(site.id, 'orders', one.id)}>{one.number}</a> },
            { head: tc('orders.what'), wide: true, cell: (one) => [titleOf(one), one.note_done].filter(Boolean).join(' — ') },
            { head: tc('orders.place'), cell: (one) => placeOf(one) || '—' },
            { head: tc('wo.opened'), tight: true, cell: (one) => moment(one.opened_ms, zone, now) },
            { head: tc('wo.state.done'), tight: true, cell: (one) => (one.done_ms === null ? tc(`wo.state.${one.state}`) : moment(one.done_ms, zone, now)) },
            { head: tc('orders.log.took'), tight: true, number: true, cell: (one) => (one.done_ms === null ? '—' : span(one.done_ms - one.opened_ms)) },
            { head: tc('wo.who'), tight: true, cell: (one) => one.done_by?.name ?? '—' },
            { head: tc('orders.result'), tight: true, cell: (one) => (one.result ? tc(`orders.result.${one.result}`) : '—') },
            { head: tc('orders.costs'), tight: true, number: true, cell: (one) => one.total_cost },
          ]}
        />
      </Panel>
      {sum.unpriced > 0 && <p class="meta below">{tc('costs.unpriced', { n: sum.unpriced })}</p>}
      {after && (
        <div class="acts below">
          <Button onPress={() => onNext(after)}>{tc('orders.older')}</Button>
        </div>
      )}
    </>
  );
}

const COUNTS = [
  ['due', 'orders.figures.due'],
  ['met', 'orders.due.met'],
  ['late', 'orders.figures.late'],
  ['missed', 'orders.figures.missed'],
  ['open', 'orders.figures.open'],
  ['unheard', 'state.unheard'],
  ['unproven', 'state.unproven'],
] as const;

/** How each clause was kept; requests apart from what rounds found. */
function Figures({ figures }: { figures: readonly ClauseFigures[] }) {
  return (
    <Panel title={tc('orders.figures')} fact={tc('orders.figures.why')} flush>
      <div class="tablewrap">
        <table class="stack">
          <caption class="vh">{tc('orders.figures')}</caption>
          <thead>
            <tr>
              <th scope="col">{tc('plan.demand')}</th>
              <th scope="col">{tc('orders.figures.what')}</th>
              {COUNTS.map(([name, word]) => <th key={name} scope="col" class="r">{tc(word)}</th>)}
            </tr>
          </thead>
          <tbody>
            {figures.map((one) => (
              <tr key={`${one.clause} ${one.what} ${one.source}`}>
                <td class="nb"><b>{one.clause}</b></td>
                <td class="w">{tc(`orders.what.${one.what}`)} · {tc(`orders.source.${one.source}`)}</td>
                {COUNTS.map(([name, word]) => <td key={name} class={one[name] === 0 ? 'r num zero' : 'r num'} data-label={tc(word)}>{one[name]}</td>)}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
