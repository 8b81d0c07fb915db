import { useRef, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { language } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { getFile, send, sendFile, type Problem } from '../../api';
import { asProblem, useLoad } from '../../model/load';
import { Refusal } from '../../parts/Answers';
import { Page, Panel, SiteSwitch } from '../../parts/Page';
import { save } from '../../parts/save';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import { Tabs } from './Tabs';

type Fault = { row: number; column: string | null; why: FaultWhy; value: string };
type FaultWhy = 'missing' | 'long' | 'formula' | 'day' | 'choice' | 'characters' | 'twice' | 'zone' | 'parent' | 'loop' | 'deep' | 'retired' | 'error';
type Intake = {
  id: string;
  file_name: string;
  made_ms: number;
  total: number;
  new: number;
  changed: number;
  same: number;
  bad: number;
  faults: Fault[];
  /** Heads that nobody knows. */
  passed_over: string[];
  parts: number;
  taken: number;
  state: 'judged' | 'taking' | 'done' | 'dropped';
};

const FILES = '.csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const FAULTS_SHOWN = 100;

/** A table of assets: read and judged first, every refused row named; then taken over in one act. And the register as a file. */
export function ImportPage({ site }: { site: SiteRef }) {
  const path = `/sites/${site.id}/assets/imports`;
  const past = useLoad<{ imports: Intake[] }>(path);
  const [chosen, setChosen] = useState<Intake | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState<'judging' | 'taking' | null>(null);
  const stopped = useRef(false);
  const unfinished = past.value?.imports.find((one) => one.state === 'judged' || one.state === 'taking') ?? null;
  const intake = chosen ?? unfinished;

  const run = async (what: 'judging' | 'taking', act: () => Promise<void>): Promise<void> => {
    setBusy(what);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(null);
    }
  };
  const judge = (file: File): void =>
    void run('judging', async () => {
      const query = new URLSearchParams({ name: file.name.slice(0, 120) });
      setChosen(await sendFile<Intake>(`${path}?${query.toString()}`, file, file.name.toLowerCase().endsWith('.xlsx') ? XLSX : 'text/csv'));
    });
  const take = (from: Intake): void =>
    void run('taking', async () => {
      stopped.current = false;
      let now = from;
      while (now.taken < now.parts && !stopped.current) {
        now = await send<Intake>('POST', `${path}/${now.id}/take`, { part: now.taken });
        setChosen(now);
      }
    });
  const drop = (which: Intake): void =>
    void run('judging', async () => {
      await send('DELETE', `${path}/${which.id}`);
      setChosen(null);
      past.reload();
    });
  const give = (kind: 'csv' | 'xlsx'): void =>
    void run('judging', async () => save(await getFile(`/sites/${site.id}/assets/register.${kind}?language=${language.value}`), `${tc('nav.assets')}.${kind}`));

  return (
    <Page title={tc('intake.title')} side={<SiteSwitch />}>
      <Tabs siteId={site.id} here="import" />
      <Refusal problem={problem} />
      <div class="ev">
        <div>
          <Panel title={tc('intake.in')} fact={tc('intake.in.fact')}>
            <p>{tc('intake.how')}</p>
            <label class="field">
              <span class="field__label">{tc('papers.file')}</span>
              <input
                type="file"
                accept={FILES}
                disabled={busy !== null}
                onChange={(event) => {
                  const file = event.currentTarget.files?.[0];
                  event.currentTarget.value = '';
                  if (file) judge(file);
                }}
              />
              <small class="field__h">{tc('intake.file.hint')}</small>
            </label>
            {busy === 'judging' && <p role="status" class="meta">{tc('intake.reading')}</p>}
          </Panel>
          {intake && <Judged intake={intake} siteId={site.id} path={path} zone={site.time_zone} busy={busy} onTake={() => take(intake)} onStop={() => (stopped.current = true)} onDrop={() => drop(intake)} />}
        </div>
        <div>
          <Panel title={tc('intake.out')} fact={tc('intake.out.fact')}>
            <div class="acts">
              <Button icon="export" onPress={() => give('xlsx')}>Excel</Button>
              <Button icon="export" onPress={() => give('csv')}>CSV</Button>
            </div>
            <p class="meta below">{tc('intake.out.why')}</p>
          </Panel>
        </div>
      </div>
    </Page>
  );
}

type JudgedProps = { intake: Intake; siteId: string; path: string; zone: string; busy: 'judging' | 'taking' | null; onTake: () => void; onStop: () => void; onDrop: () => void };

function Judged({ intake, siteId, path, zone, busy, onTake, onStop, onDrop }: JudgedProps) {
  const open = intake.state === 'judged' || intake.state === 'taking';
  const rows = intake.new + intake.changed;
  return (
    <Panel title={intake.file_name || tc('intake.file')} fact={moment(intake.made_ms, zone, Date.now())}>
      <dl class="dl">
        <dt>{tc('intake.total')}</dt>
        <dd class="num">{intake.total.toLocaleString('en')}</dd>
        <dt>{tc('intake.new')}</dt>
        <dd class="num">{intake.new.toLocaleString('en')}</dd>
        <dt>{tc('intake.changed')}</dt>
        <dd class="num">{intake.changed.toLocaleString('en')}</dd>
        <dt>{tc('intake.same')}</dt>
        <dd class="num">{intake.same.toLocaleString('en')}</dd>
        <dt>{tc('intake.bad')}</dt>
        <dd class="num">{intake.bad.toLocaleString('en')}</dd>
      </dl>
      {intake.passed_over.length > 0 && <p class="note below">{tc('intake.passed_over', { heads: intake.passed_over.join(tc('list.and')) })}</p>}
      {(intake.taken > 0 || busy === 'taking') && (
        <p class="below">
          <progress max={Math.max(1, intake.parts)} value={intake.taken} aria-label={tc('intake.progress')} /> {tc('intake.taken', { n: intake.taken, m: intake.parts })}
        </p>
      )}
      {intake.state === 'done' && (
        <p role="status" class="note below" data-tone="good">
          {rows === 0 ? tc('intake.nothing') : tc('intake.done', { n: rows.toLocaleString('en') })} <a href={to(siteId, 'assets')}>{tc('nav.assets')}</a>
        </p>
      )}
      {open && (
        <div class="acts below">
          {busy === 'taking' ? (
            <Button onPress={onStop}>{tc('intake.stop')}</Button>
          ) : (
            <Button kind="ink" busy={busy !== null} onPress={onTake}>
              {tc(intake.taken > 0 ? 'intake.go_on' : intake.bad > 0 ? 'intake.take.good' : 'intake.take', { n: rows.toLocaleString('en'), bad: intake.bad })}
            </Button>
          )}
          {busy === null && <Button onPress={onDrop}>{tc('intake.drop')}</Button>}
        </div>
      )}
      {intake.bad > 0 && <Faults intake={intake} path={path} />}
    </Panel>
  );
}

function Faults({ intake, path }: { intake: Intake; path: string }) {
  return (
    <>
      <div class="list-h">
        <h3>{tc('intake.faults', { n: intake.bad })}</h3>
        <Button icon="export" onPress={() => void getFile(`${path}/${intake.id}/faults.csv`).then((file) => save(file, `${tc('intake.bad')}.csv`))}>
          {tc('intake.faults.file')}
        </Button>
      </div>
      <table class="stack">
        <caption class="vh">{tc('intake.bad')}</caption>
        <thead>
          <tr>
            <th scope="col" class="r">{tc('intake.row')}</th>
            <th scope="col">{tc('intake.column')}</th>
            <th scope="col">{tc('intake.value')}</th>
            <th scope="col">{tc('intake.why')}</th>
          </tr>
        </thead>
        <tbody>
          {intake.faults.slice(0, FAULTS_SHOWN).map((fault) => (
            <tr key={`${fault.row} ${fault.column}`}>
              <td class="r num">{fault.row}</td>
              <td>{fault.column ? tc(`intake.column.${fault.column}` as 'intake.column.number') : '—'}</td>
              <td class="code">{fault.value || '—'}</td>
              <td>{tc(`intake.why.${fault.why}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {intake.faults.length > FAULTS_SHOWN && <p class="meta">{tc('intake.faults.more', { n: FAULTS_SHOWN })}</p>}
    </>
  );
}
