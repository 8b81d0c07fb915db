import { useState } from 'preact/hooks';
import { tc } from '../../../../i18n/console';
import { moment, span } from '../../../../i18n/format';
import { Button } from '../../../../ui/Button';
import { StateWord } from '../../../../ui/State';
import { send } from '../../../api';
import { momentOf } from '../../../dates';
import { useLoad } from '../../../model/load';
import { may } from '../../../model/may';
import { Refusal } from '../../../parts/Answers';
import { SelectField, TextField } from '../../../parts/fields';
import { FormDialog } from '../../../parts/FormDialog';
import { Panel } from '../../../parts/Page';
import { useForm } from '../../../parts/useForm';
import type { AssetState } from '../../../types';
import type { AssetPanelProps, MonthFigures, Running as Told, Stretch } from '../types';
import { percent, STATE_LOOKS } from '../words';

const STOOD_SHOWN = 5;

/** When the asset ran and stood: the months in figures, and the last times that it stood. */
export function Running({ site, asset, onChange }: AssetPanelProps & { onChange: () => void }) {
  const path = `/sites/${site.id}/assets/${asset.id}/running`;
  const told = useLoad<Told>(path);
  const [saying, setSaying] = useState(false);
  if (!told.value) return null;
  const { months, stretches, now_ms: now } = told.value;
  const stood = stretches.filter((one) => one.state === 'stopped').toReversed();
  const watched = months.filter((month) => month.watched_ms > 0);
  return (
    <Panel title={tc('running.title')} fact={stood.length === 0 ? tc('running.never') : tc('running.why')}>
      {stood.length > 0 && <Months months={watched} />}
      {stood.length > 0 && <Stood stretches={stood.slice(0, STOOD_SHOWN)} zone={site.time_zone} now={now} />}
      {may('change.assets') && !asset.retired && (
        <Button icon="swap" onPress={() => setSaying(true)}>
          {tc('running.say')}
        </Button>
      )}
      {saying && (
        <Saying
          path={path}
          zone={site.time_zone}
          state={asset.state}
          onClose={() => setSaying(false)}
          onDone={() => {
            setSaying(false);
            told.reload();
            onChange();
          }}
        />
      )}
    </Panel>
  );
}

function Months({ months }: { months: readonly MonthFigures[] }) {
  const most = Math.max(1, ...months.map((month) => month.down_ms));
  return (
    <table class="stack below">
      <caption class="vh">{tc('running.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{tc('running.month')}</th>
          <th scope="col">{tc('running.share')}</th>
          <th scope="col">{tc('running.down')}</th>
          <th scope="col" class="r">{tc('running.failures')}</th>
          <th scope="col" class="r">{tc('running.longest')}</th>
          <th scope="col" class="r">{tc('running.between')}</th>
        </tr>
      </thead>
      <tbody>
        {months.toReversed().map((month) => (
          <tr key={month.month}>
            <td class="num">{month.month}</td>
            <td class="num">{percent(month.share)}</td>
            <td>
              <span class="downbar" style={{ '--n': String(month.down_ms / most) }} aria-hidden="true" />
              <span>{downWords(month)}</span>
            </td>
            <td class="r num">{month.failures}</td>
            <td class="r">{month.longest_ms > 0 ? span(month.longest_ms) : '—'}</td>
            <td class="r">{month.mean_between_ms === null ? '—' : span(month.mean_between_ms)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What was told, and how much of it is proven where that is less. */
function downWords({ down_ms: down, down_low_ms: low }: MonthFigures): string {
  if (down === 0) return '0';
  return span(low) === span(down) ? span(down) : tc('running.about', { about: span(down), low: span(low) });
}

function Stood({ stretches, zone, now }: { stretches: readonly Stretch[]; zone: string; now: number }) {
  return (
    <ul class="papers below">
      {stretches.map((one) => {
        const begin = one.begin?.estimate_ms ?? null;
        const end = one.end?.estimate_ms ?? null;
        return (
          <li key={String(begin)}>
            <StateWord look={STATE_LOOKS.stopped}>{tc('asset.state.stopped')}</StateWord>{' '}
            <b class="num">{begin === null ? '…' : moment(begin, zone, now)}</b>
            {' – '}
            <b class="num">{end === null ? tc('running.still') : moment(end, zone, now)}</b>
            {begin !== null && <span class="meta"> · {span((end ?? now) - begin)}</span>}
            {one.begin?.lower_ms === null && <small class="meta">{tc('running.claimed')}</small>}
          </li>
        );
      })}
    </ul>
  );
}

type SayingProps = { path: string; zone: string; state: AssetState; onClose: () => void; onDone: () => void };

function Saying({ path, zone, state, onClose, onDone }: SayingProps) {
  const draft = useForm({ state: state === 'running' ? 'stopped' : 'running', day: '', time: '', why: '' });
  const { value, set, errorAt } = draft;
  const keep = (): void =>
    void draft.submit(async (typed) => {
      const [hours = '0', minutes = '0'] = typed.time.split(':');
      const at = typed.day && typed.time ? momentOf(typed.day, Number(hours) * 60 + Number(minutes), zone) : Date.now();
      await send('POST', path, { state: typed.state, at_ms: at, why: typed.why });
      onDone();
    });
  return (
    <FormDialog title={tc('running.say')} go={tc('act.save')} busy={draft.busy} onStay={onClose} onGo={keep}>
      <SelectField
        label={tc('asset.state')}
        value={value.state}
        options={(['running', 'stopped', 'standby'] as const).map((one) => ({ value: one, word: tc(`asset.state.${one}`) }))}
        error={errorAt('state')}
        onChoose={(next) => set({ state: next })}
      />
      <div class="pair">
        <TextField label={tc('running.since.day')} hint={tc('running.since.hint')} type="date" optional value={value.day} error={errorAt('at_ms')} onText={(day) => set({ day })} />
        <TextField label={tc('running.since.time')} type="time" optional value={value.time} onText={(time) => set({ time })} />
      </div>
      <TextField label={tc('running.note')} optional most={400} value={value.why} error={errorAt('why')} onText={(why) => set({ why })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
