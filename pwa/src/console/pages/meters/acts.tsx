/** What the office does to a series: enter a reading, note an exchange, correct what was read. */
import { tc } from '../../../i18n/console';
import { send } from '../../api';
import { Refusal } from '../../parts/Answers';
import { SelectField, TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import { dayOf, momentOf, stamp } from '../../dates';
import { clockTime } from '../../../i18n/format';
import { ASKING, type Meter, type Reading } from './types';
import { withUnit } from './words';

type ActProps = { siteId: string; zone: string; meter: Meter; onStay: () => void; onDone: () => void };

function nowIn(zone: string): { day: string; time: string } {
  const now = Date.now();
  return { day: dayOf(now, zone), time: clockTime(now, zone) };
}

function when(day: string, time: string, zone: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return momentOf(day, hours * 60 + minutes, zone);
}

function When({ value, zone, set, error }: { value: { day: string; time: string }; zone: string; set: (changes: { day?: string; time?: string }) => void; error: string | null }) {
  return (
    <div class="pair">
      <TextField label={tc('meter.day')} type="date" value={value.day} max={dayOf(Date.now(), zone)} error={error} onText={(day) => set({ day })} />
      <TextField label={tc('meter.time')} type="time" value={value.time} onText={(time) => set({ time })} />
    </div>
  );
}

/** Enter a reading that no phone recorded. */
export function EnterDialog({ siteId, zone, meter, onStay, onDone }: ActProps) {
  const draft = useForm({ value: '', why: '', ...nowIn(zone) });
  const { value } = draft;
  const enter = () =>
    draft.submit(async ({ value: typed, why, day, time }) => {
      await send('POST', `/sites/${siteId}/meters/${meter.id}/readings`, { value: typed, unit: meter.unit, at_ms: when(day, time, zone), why });
      onDone();
    });
  return (
    <FormDialog title={tc('meter.enter')} go={tc('meter.enter.go')} busy={draft.busy} onGo={() => void enter()} onStay={onStay}>
      <p class="meta">{tc('meter.enter.why')}</p>
      <TextField label={withUnit(tc('meter.value'), meter.unit ? `(${meter.unit})` : '')} value={value.value} mode="decimal" required focus most={40} error={draft.errorAt('value') ?? draft.errorAt('unit')} onText={(typed) => draft.set({ value: typed })} />
      <When value={value} zone={zone} set={draft.set} error={draft.errorAt('at_ms')} />
      <TextField label={tc('meter.why')} value={value.why} required most={200} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

/** Note that the meter was exchanged. */
export function ExchangeDialog({ siteId, zone, meter, onStay, onDone }: ActProps) {
  const draft = useForm({ end: '', start: meter.kind === 'counter' ? '0' : '', number: '', why: '', ...nowIn(zone) });
  const { value } = draft;
  const note = () =>
    draft.submit(async ({ end, start, number, why, day, time }) => {
      await send('POST', `/sites/${siteId}/meters/${meter.id}/exchanges`, {
        at_ms: when(day, time, zone), end: end || null, start: start || null, number: number || null, why,
      });
      onDone();
    });
  return (
    <FormDialog title={tc('meter.exchange')} go={tc('meter.exchange.go')} busy={draft.busy} onGo={() => void note()} onStay={onStay}>
      <When value={value} zone={zone} set={draft.set} error={draft.errorAt('at_ms')} />
      <div class="pair">
        <TextField label={tc('meter.end')} hint={tc('meter.end.hint')} optional value={value.end} mode="decimal" most={40} error={draft.errorAt('end')} onText={(end) => draft.set({ end })} />
        <TextField label={tc('meter.start')} optional value={value.start} mode="decimal" most={40} error={draft.errorAt('start')} onText={(start) => draft.set({ start })} />
      </div>
      <TextField label={tc('meter.new_number')} optional value={value.number} most={40} error={draft.errorAt('number')} onText={(number) => draft.set({ number })} />
      <TextField label={tc('meter.why')} value={value.why} required most={200} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

/** Say what a reading should have been; what was read stays to be seen. */
export function CorrectDialog({ siteId, zone, meter, reading, onStay, onDone }: ActProps & { reading: Reading }) {
  const draft = useForm({ what: ASKING.includes(reading.mark) ? 'confirm' : 'correct', value: '', why: '' });
  const { value } = draft;
  const correct = () =>
    draft.submit(async ({ what, value: typed, why }) => {
      const counts = what === 'strike' ? null : what === 'confirm' ? (reading.counts ?? reading.value) : typed;
      await send('POST', `/sites/${siteId}/meters/${meter.id}/corrections`, { reading: reading.id, value: counts, why });
      onDone();
    });
  return (
    <FormDialog title={tc('meter.correct')} go={tc('meter.correct.go')} busy={draft.busy} onGo={() => void correct()} onStay={onStay}>
      <p>
        {stamp(reading.at_ms, zone)} · <b class="num">{withUnit(reading.value ?? '—', meter.unit)}</b>
      </p>
      <SelectField
        label={tc('meter.correct.what')}
        value={value.what}
        onChoose={(what) => draft.set({ what })}
        options={[
          { value: 'confirm', word: tc(reading.mark === 'twice' ? 'meter.correct.another' : 'meter.correct.confirm') },
          { value: 'correct', word: tc('meter.correct.other') },
          { value: 'strike', word: tc('meter.correct.strike') },
        ]}
      />
      {value.what === 'correct' && <TextField label={withUnit(tc('meter.value'), meter.unit ? `(${meter.unit})` : '')} value={value.value} mode="decimal" required most={40} error={draft.errorAt('value')} onText={(typed) => draft.set({ value: typed })} />}
      <TextField label={tc('meter.why')} value={value.why} required most={200} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />
      <p class="meta">{tc(reading.mark === 'twice' ? 'meter.twice.why' : 'meter.correct.why')}</p>
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
