import { useEffect, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { Chip } from '../../../ui/State';
import { EstimateAndInterval } from '../../../ui/TimeInterval';
import { get, getFile, type Problem } from '../../api';
import { stamp } from '../../dates';
import { asProblem } from '../../model/load';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { Refusal, Waiting } from '../../parts/Answers';
import { save } from '../../parts/save';
import { to } from '../../route';
import { CorrectDialog, EnterDialog, ExchangeDialog } from './acts';
import { MeterChart } from './MeterChart';
import { Noted } from './Noted';
import { ASKING, type Meter, type Reading, type ReadingPage } from './types';
import { levelLooks, markWord, withUnit } from './words';

type SeriesProps = { siteId: string; zone: string; meter: Meter; onChanged: () => void };
type Asking = 'enter' | 'exchange' | Reading | null;

/** The series of one meter: its chart, the same as a table, and what the office may do to it. */
export function Series({ siteId, zone, meter, onChanged }: SeriesProps) {
  const [turn, setTurn] = useState(0);
  const [asking, setAsking] = useState<Asking>(null);
  const done = () => {
    setAsking(null);
    setTurn((n) => n + 1);
    tell(tc('act.saved'));
    onChanged();
  };
  const given = { siteId, zone, meter, onStay: () => setAsking(null), onDone: done };
  return (
    <>
      <MeterChart key={meter.id} siteId={siteId} zone={zone} meter={meter} turn={turn} />
      <Readings key={`t ${meter.id}`} siteId={siteId} zone={zone} meter={meter} turn={turn} onCorrect={setAsking} />
      <div class="acts mchart__acts">
        {may('change.assets') && !meter.retired && <Button icon="plus" onPress={() => setAsking('enter')}>{tc('meter.enter')}</Button>}
        {may('change.assets') && !meter.retired && <Button icon="swap" onPress={() => setAsking('exchange')}>{tc('meter.exchange')}</Button>}
        {may('change.assets') && <Button icon="gauge" href={to(siteId, 'meters', meter.id)}>{tc('meter.edit')}</Button>}
        <span class="grow" />
        <Files siteId={siteId} meter={meter} />
      </div>
      {asking === 'enter' && <EnterDialog {...given} />}
      {asking === 'exchange' && <ExchangeDialog {...given} />}
      {asking !== null && typeof asking === 'object' && <CorrectDialog {...given} reading={asking} />}
    </>
  );
}

/** All readings as a file. */
function Files({ siteId, meter }: { siteId: string; meter: Meter }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = (form: 'csv' | 'xlsx') => {
    getFile(`/sites/${siteId}/meters/${meter.id}/${form}`).then(
      (file) => save(file, `meter-${meter.key}.${form}`),
      (error: unknown) => setProblem(asProblem(error)),
    );
  };
  return (
    <>
      <Button icon="export" onPress={() => take('xlsx')}>XLSX</Button>
      <Button onPress={() => take('csv')}>CSV</Button>
      <Refusal problem={problem} />
    </>
  );
}

function Readings({ siteId, zone, meter, turn, onCorrect }: { siteId: string; zone: string; meter: Meter; turn: number; onCorrect: (reading: Reading) => void }) {
  const [marked, setMarked] = useState(false);
  const [page, setPage] = useState<ReadingPage | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const ask = async (before: string | null): Promise<void> => {
    const query = new URLSearchParams({ limit: before ? '50' : '8', ...(marked ? { marked: 'true' } : {}), ...(before ? { before } : {}) });
    try {
      const next = await get<ReadingPage>(`/sites/${siteId}/meters/${meter.id}/readings?${query.toString()}`);
      setPage((was) => (before && was ? { readings: [...was.readings, ...next.readings], next: next.next } : next));
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  useEffect(() => void ask(null), [turn, marked]);
  if (problem) return <Refusal problem={problem} />;
  if (page === null) return <Waiting />;
  return (
    <div class="mtable">
      {(meter.marked > 0 || marked) && (
        <button type="button" class="fil fil--s" aria-pressed={marked} onClick={() => setMarked(!marked)}>
          {tc('meter.look', { n: meter.marked })}
        </button>
      )}
      <table class="stack">
        <caption class="vh">{tc('meter.table')}</caption>
        <thead>
          <tr>
            <th scope="col">{tc('meter.when')}</th>
            <th scope="col" class="r">{withUnit(tc('meter.value'), meter.unit)}</th>
            {meter.kind === 'counter' && <th scope="col" class="r">{tc('meter.step')}</th>}
            <th scope="col">{tc('meter.state')}</th>
            <th scope="col">{tc('meter.who')}</th>
            {may('change.assets') && <th scope="col"><span class="vh">{tc('meter.correct')}</span></th>}
          </tr>
        </thead>
        <tbody>
          {page.readings.map((one) => (
            <tr key={one.id}>
              <td class="w">
                {one.entered_by === null ? (
                  <EstimateAndInterval lower={one.lower_ms} upper={one.upper_ms} estimate={one.at_ms} quality={one.quality} zone={zone} now={Date.now()} />
                ) : (
                  <b class="num">{stamp(one.at_ms, zone)}</b>
                )}
              </td>
              <td class="r num" data-label={tc('meter.value')}>
                <Value one={one} />
                {one.exchange && <Noted siteId={siteId} one={one} />}
              </td>
              {meter.kind === 'counter' && <td class="r num" data-label={tc('meter.step')}>{one.step === null ? '—' : `+${one.step}`}</td>}
              <td>
                <State one={one} />
              </td>
              <td>
                {one.visit && one.person ? <a href={to(siteId, 'visits', one.visit)}>{one.person}</a> : (one.person ?? '')}
                {one.entered_by !== null && <small>{tc('meter.entered', { name: one.entered_by })}</small>}
              </td>
              {may('change.assets') && (
                <td class="r">
                  {one.value !== null && (
                    <button type="button" class="fil fil--s" onClick={() => onCorrect(one)} aria-label={`${tc('meter.correct')} ${stamp(one.at_ms, zone)}`}>
                      {tc(ASKING.includes(one.mark) ? 'meter.check' : 'meter.fix')}
                    </button>
                  )}
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {page.readings.length === 0 && <p class="meta">{tc('meter.no_readings')}</p>}
      {page.next && (
        <div class="acts">
          <Button onPress={() => ask(page.next)}>{tc('meter.more')}</Button>
        </div>
      )}
    </div>
  );
}

/** What was read; where the office said something else, both. */
function Value({ one }: { one: Reading }) {
  const last = one.corrections.at(-1);
  if (one.exchange && last?.value !== null) return <>{`${one.end ?? '?'} → ${one.counts ?? one.value ?? '?'}`}</>;
  if (!last || last.value === one.value) return <>{one.value ?? '—'}</>;
  return (
    <>
      <s>{one.value}</s> {last.value ?? ''}
      <small>{`${last.value === null ? tc('meter.struck') : tc('meter.corrected')} · ${last.by ?? ''} · ${last.why}`}</small>
    </>
  );
}

function State({ one }: { one: Reading }) {
  if (ASKING.includes(one.mark) && one.mark) return <Chip tone="unsure" icon="st-unproven">{markWord(one.mark)}</Chip>;
  if (one.mark !== null) return <Chip tone="live" icon="swap">{markWord(one.mark)}</Chip>;
  if (one.level === null) return <>—</>;
  const look = levelLooks[one.level];
  return <Chip tone={look.tone} icon={look.icon}>{tc(`level.${one.level}`)}</Chip>;
}
