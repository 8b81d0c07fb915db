import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { langOf, say, type Label } from '../../../i18n/label';
import { language } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { Chip } from '../../../ui/State';
import { getFile, send, type Problem } from '../../api';
import { dayOf, stamp } from '../../dates';
import { asProblem, useLoad } from '../../model/load';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { Page, Panel, SiteSwitch } from '../../parts/Page';
import { save } from '../../parts/save';
import { useForm } from '../../parts/useForm';
import { place, setQuery, to } from '../../route';
import type { PageProps } from '../../types';
import { withUnit } from '../meters/words';

type Figure = { used: string | null; unsure: number };
type Sums = { now: Figure; before: Figure; year: Figure; target: string | null };
type AssetRef = { id: string; number: string; name: Label };
type MeterLine = Sums & { id: string; name: Label; number: string; asset: AssetRef; team: string | null; feeds: string | null; unit: string; readings: number; last_ms: number | null; retired: boolean };
type TeamLine = Sums & { id: string; name: Label; meters: number };
type Loss = { id: string; name: Label; asset: AssetRef; main: Figure; subs: Figure; meters: number; lost: string | null; share: string | null; unread: number; unsure: number };
type Ledger = { medium: Medium; month: string; unit: string; mixed: boolean; meters: MeterLine[]; teams: TeamLine[]; site: Sums; losses: Loss[] };
type Medium = 'water' | 'power' | 'gas';
type Scope = { scope: 'site' | 'team' | 'meter'; id: string; name: string; target: string | null };

const MEDIA: readonly Medium[] = ['water', 'power', 'gas'];

/** The ledger of water, power or gas: a month against its target, the month before and the year before. */
export function LedgerPage({ site }: PageProps) {
  const now = dayOf(Date.now(), site.time_zone).slice(0, 7);
  const whole = shifted(now, -1); // the last whole month comes first
  const { query } = place.value;
  const medium = MEDIA.find((one) => one === query['medium']) ?? 'water';
  const month = /^20\d\d-(0[1-9]|1[0-2])$/.test(query['month'] ?? '') ? query['month']! : whole;
  const asked = `medium=${medium}&month=${month}`;
  const loaded = useLoad<Ledger>(`/sites/${site.id}/ledger?${asked}`);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [scope, setScope] = useState<Scope | null>(null);
  const take = (form: 'pdf' | 'xlsx' | 'csv') => {
    setProblem(null);
    getFile(`/sites/${site.id}/ledger/${form}?${asked}&lang=${language.value}`).then(
      (file) => save(file, `ledger-${medium}-${month}.${form}`),
      (error: unknown) => setProblem(asProblem(error)),
    );
  };
  return (
    <Page title={tc('nav.ledger')} sub={tc(`ledger.sub.${medium}`)} side={<SiteSwitch />}>
      <div class="ledger__bar">
        <div class="filters" role="group" aria-label={tc('ledger.medium')}>
          {MEDIA.map((one) => (
            <button key={one} type="button" class="fil" aria-pressed={one === medium} onClick={() => setQuery({ medium: one })}>
              {tc(`meter.medium.${one}`)}
            </button>
          ))}
        </div>
        <div class="filters" role="group" aria-label={tc('ledger.month')}>
          <button type="button" class="fil" aria-label={tc('ledger.earlier')} onClick={() => setQuery({ month: shifted(month, -1) })}>←</button>
          <b class="num ledger__month">{month}</b>
          <button type="button" class="fil" aria-label={tc('ledger.later')} disabled={month >= now} onClick={() => setQuery({ month: shifted(month, 1) })}>→</button>
        </div>
        <span class="grow" />
        <Button icon="print" kind="ink" onPress={() => take('pdf')}>{tc('ledger.paper')}</Button>
        <Button onPress={() => take('xlsx')}>XLSX</Button>
        <Button onPress={() => take('csv')}>CSV</Button>
      </div>
      <Refusal problem={problem} />
      {loaded.value === null ? (
        loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />
      ) : loaded.value.meters.length === 0 ? (
        <div class="panel below">
          <Empty icon="gauge" title={tc('ledger.empty')} act={<Button href={to(site.id, 'meters')}>{tc('nav.meters')}</Button>}>
            {tc('ledger.empty.why')}
          </Empty>
        </div>
      ) : (
        <Statement siteId={site.id} zone={site.time_zone} ledger={loaded.value} onTarget={setScope} />
      )}
      {medium === 'power' && may('see.board') && <LampsPanel siteId={site.id} month={month} />}
      {scope && loaded.value && (
        <TargetDialog
          siteId={site.id}
          medium={medium}
          month={month}
          unit={loaded.value.unit}
          scope={scope}
          onStay={() => setScope(null)}
          onDone={() => {
            setScope(null);
            tell(tc('act.saved'));
            loaded.reload();
          }}
        />
      )}
    </Page>
  );
}

type Lamps = { total: string; out: string; share: string | null; places: { id: string; name: Label; total: string; out: string; at_ms: number }[]; clauses: { clause: string; least: string; scored: boolean; met: boolean | null }[] };

/** Lamps that work, with how many there are: a percentage never stands alone. */
function LampsPanel({ siteId, month }: { siteId: string; month: string }) {
  const { value } = useLoad<Lamps>(`/sites/${siteId}/lamps?month=${month}`);
  if (value === null || value.share === null) return null;
  const percent = (text: string) => `${(Number(text) * 100).toFixed(1).replace('.0', '')} %`;
  return (
    <Panel title={tc('lamps.title')} fact={tc('lamps.rule')} class="below">
      <p>
        <b class="num ledger__big">{percent(value.share)}</b> <span class="num">{tc('lamps.of', { on: String(Number(value.total) - Number(value.out)), total: value.total, n: value.places.length })}</span>
      </p>
      <ul class="ledger__losses">
        {value.clauses.map((one) => (
          <li key={one.clause}>
            <Chip tone={one.met ? 'good' : 'bad'} icon={one.met ? 'st-done' : 'rc-attention'}>{tc(one.met ? 'lamps.met' : 'lamps.missed', { clause: one.clause, least: percent(one.least) })}</Chip>
            {one.scored && <small> {tc('lamps.scored')}</small>}
          </li>
        ))}
      </ul>
      <p class="meta">{value.places.map((one) => `${say(one.name)} ${Number(one.total) - Number(one.out)}/${one.total}`).join(' · ')}</p>
    </Panel>
  );
}

/** The month so many after another one. */
function shifted(month: string, by: number): string {
  const n = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by;
  return `${String(Math.floor(n / 12)).padStart(4, '0')}-${String((n % 12) + 1).padStart(2, '0')}`;
}

function Statement({ siteId, zone, ledger, onTarget }: { siteId: string; zone: string; ledger: Ledger; onTarget: (scope: Scope) => void }) {
  const { site, unit } = ledger;
  const whole: Scope = { scope: 'site', id: siteId, name: tc('ledger.site'), target: site.target };
  return (
    <>
      <Panel title={tc('ledger.site')} fact={tc('ledger.rule')} class="below">
        <div class="ledger__sum">
          <p>
            <b class="num ledger__big">{site.now.used ?? '—'}</b> {site.now.used === null ? <small>{tc('ledger.unread')}</small> : ledger.mixed ? '' : unit}
          </p>
          <Against sums={site} unit={unit} />
          {may('change.assets') && <Button onPress={() => onTarget(whole)}>{tc('ledger.target.set')}</Button>}
        </div>
        <Unsure n={site.now.unsure} />
        {ledger.mixed && <p class="note">{tc('ledger.mixed')}</p>}
      </Panel>
      {ledger.losses.length > 0 && (
        <Panel title={tc('ledger.losses')} class="below">
          <ul class="ledger__losses">
            {ledger.losses.map((loss) => (
              <li key={loss.id}>
                <b>{`${say(loss.asset.name)} · ${say(loss.name)}`}</b>{' '}
                {loss.lost === null ? (
                  <Chip tone="unsure" icon="st-unheard">{tc('ledger.loss.unread', { n: loss.unread })}</Chip>
                ) : (
                  <span>
                    {tc('ledger.loss', { main: loss.main.used ?? '—', subs: loss.subs.used ?? '—', n: loss.meters, lost: withUnit(loss.lost, unit), share: loss.share === null ? '—' : `${(Number(loss.share) * 100).toFixed(1)} %` })}
                  </span>
                )}
                <Unsure n={loss.unsure} />
              </li>
            ))}
          </ul>
        </Panel>
      )}
      {ledger.teams.length > 0 && (
        <Lines caption={tc('ledger.teams')} first={tc('ledger.team')} read={false}>
          {ledger.teams.map((team) => (
            <Line key={team.id} sums={team} unit={unit} name={<><b lang={langOf(team.name)}>{say(team.name)}</b><small>{tc('ledger.meters', { n: team.meters })}</small></>} onTarget={() => onTarget({ scope: 'team', id: team.id, name: say(team.name), target: team.target })} />
          ))}
        </Lines>
      )}
      <Lines caption={tc('ledger.by_meter')} first={tc('meter.name')}>
        {ledger.meters.map((meter) => (
          <Line
            key={meter.id}
            sums={meter}
            unit={meter.unit}
            name={
              <>
                <a href={to(siteId, 'assets', meter.asset.id)} lang={langOf(meter.name)}>{say(meter.name)}</a>
                <small>{[say(meter.asset.name), meter.number, meter.feeds ? tc('ledger.sub') : tc('ledger.main')].filter(Boolean).join(' · ')}</small>
              </>
            }
            last={meter.last_ms === null ? tc('ledger.unread') : stamp(meter.last_ms, zone)}
            onTarget={() => onTarget({ scope: 'meter', id: meter.id, name: say(meter.name), target: meter.target })}
          />
        ))}
      </Lines>
    </>
  );
}

function Lines({ caption, first, read = true, children }: { caption: string; first: string; read?: boolean; children: ComponentChildren }) {
  return (
    <>
      <h2 class="below ledger__h">{caption}</h2>
      <div class="tablewrap">
        <table class="stack">
          <caption class="vh">{caption}</caption>
          <thead>
            <tr>
              <th scope="col">{first}</th>
              <th scope="col" class="r">{tc('ledger.used')}</th>
              <th scope="col" class="r">{tc('ledger.before')}</th>
              <th scope="col" class="r">{tc('ledger.year')}</th>
              <th scope="col" class="r">{tc('ledger.target')}</th>
              {read && <th scope="col">{tc('meter.read')}</th>}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </>
  );
}

function Line({ sums, unit, name, last, onTarget }: { sums: Sums; unit: string; name: ComponentChildren; last?: string; onTarget: () => void }) {
  const over = isOver(sums);
  return (
    <tr>
      <td class="w mledger__name">{name}</td>
      <td class="r num" data-label={tc('ledger.used')}>
        <b>{sums.now.used === null ? '—' : withUnit(sums.now.used, unit)}</b>
        <Unsure n={sums.now.unsure} />
      </td>
      <td class="r num" data-label={tc('ledger.before')}>
        {sums.before.used ?? '—'} <small>{change(sums.now.used, sums.before.used)}</small>
      </td>
      <td class="r num" data-label={tc('ledger.year')}>
        {sums.year.used ?? '—'} <small>{change(sums.now.used, sums.year.used)}</small>
      </td>
      <td class="r num" data-label={tc('ledger.target')}>
        {over && <Chip tone="bad" icon="rc-attention">{tc('ledger.over')}</Chip>}{' '}
        {may('change.assets') ? (
          <button type="button" class="fil fil--s" onClick={onTarget}>{sums.target ?? tc('ledger.target.new')}</button>
        ) : (
          (sums.target ?? '—')
        )}
      </td>
      {last !== undefined && <td class="nb" data-label={tc('meter.read')}>{last}</td>}
    </tr>
  );
}

function isOver(sums: Sums): boolean {
  return sums.target !== null && sums.now.used !== null && Number(sums.now.used) > Number(sums.target);
}

/** How much a figure differs from an earlier one. */
function change(now: string | null, then: string | null): string {
  if (now === null || then === null || Number(then) === 0) return '';
  const share = Number(now) / Number(then) - 1;
  return `${share >= 0 ? '+' : '−'}${Math.abs(share * 100).toFixed(1)} %`;
}

function Against({ sums, unit }: { sums: Sums; unit: string }) {
  const facts = [
    [tc('ledger.before'), sums.before.used, change(sums.now.used, sums.before.used)],
    [tc('ledger.year'), sums.year.used, change(sums.now.used, sums.year.used)],
    [tc('ledger.target'), sums.target, sums.target !== null && sums.now.used !== null ? tc(isOver(sums) ? 'ledger.over' : 'ledger.within', { n: (Math.abs(Number(sums.target) - Number(sums.now.used))).toFixed(0) }) : ''],
  ] as const;
  return (
    <dl class="ledger__facts">
      {facts.map(([name, value, more]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd class="num">
            {value === null ? '—' : withUnit(value, unit)} <small>{more}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Unsure({ n }: { n: number }) {
  return n === 0 ? null : <small class="ledger__unsure"><Chip tone="unsure" icon="st-unproven">{tc('ledger.unsure', { n })}</Chip></small>;
}

function TargetDialog({ siteId, medium, month, unit, scope, onStay, onDone }: { siteId: string; medium: Medium; month: string; unit: string; scope: Scope; onStay: () => void; onDone: () => void }) {
  const draft = useForm({ amount: scope.target ?? '' });
  const keep = () =>
    draft.submit(async ({ amount }) => {
      await send('POST', `/sites/${siteId}/ledger/targets`, { medium, scope: scope.scope, scope_id: scope.id, month, amount: amount.trim() || null });
      onDone();
    });
  return (
    <FormDialog title={tc('ledger.target.title', { name: scope.name })} go={tc('act.save')} busy={draft.busy} onGo={() => void keep()} onStay={onStay}>
      <p class="meta">{tc('ledger.target.why', { month })}</p>
      <TextField label={withUnit(tc('ledger.target'), unit ? `(${unit})` : '')} optional focus mode="decimal" value={draft.value.amount} most={40} error={draft.errorAt('amount')} onText={(amount) => draft.set({ amount })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
