import { tc } from '../../../i18n/console';
import { Button, IconButton } from '../../../ui/Button';
import { SelectField, TextField } from '../../parts/fields';
import type { PlanWindow } from '../../types';
import { clock, nextDay, type When } from './when';
import type { WhenProps } from './WhenFields';

const STEPS = ['30', '60', '90', '120', '180', '240', '360'];

/** The windows of a day: one by one, or a stretch of it cut into equal pieces. */
export function Hours(props: WhenProps) {
  const { when, set, errorAt } = props;
  return (
    <>
      <SelectField
        label={tc('when.hours')}
        value={when.hours}
        options={[
          { value: 'windows', word: tc('when.hours.windows') },
          { value: 'every', word: tc('when.hours.every') },
        ]}
        onChoose={(hours) => set({ hours: hours as When['hours'] })}
      />
      {when.hours === 'every' ? <Stretch {...props} /> : <Windows {...props} />}
      {errorAt('recurrence.windows') && (
        <small class="field__e" role="alert" data-tone="bad">
          {errorAt('recurrence.windows')}
        </small>
      )}
    </>
  );
}

function Stretch({ when, set, errorAt }: WhenProps) {
  const { stretch } = when;
  const change = (changes: Partial<When['stretch']>) => set({ stretch: { ...stretch, ...changes } });
  const steps = STEPS.includes(stretch.minutes) ? STEPS : [...STEPS, stretch.minutes];
  return (
    <div class="pair">
      <TextField label={tc('plan.from')} hint={tc('plan.time.hint')} most={5} mode="numeric" value={stretch.from} error={errorAt('recurrence.every.from')} onText={(from) => change({ from })} />
      <TextField label={tc('plan.to')} most={5} mode="numeric" value={stretch.to} error={errorAt('recurrence.every.to')} onText={(to) => change({ to })} />
      <SelectField label={tc('when.step')} value={stretch.minutes} options={steps.map((n) => ({ value: n, word: tc('often.every_minutes', { n }) }))} error={errorAt('recurrence.every.minutes')} onChoose={(minutes) => change({ minutes })} />
    </div>
  );
}

function Windows({ when, set, errorAt }: WhenProps) {
  // a window of several days is a matter of weeks, months and years
  const spans = !['daily', 'workdays', 'freedays'].includes(when.pattern) || when.windows.some((one) => (one.days ?? 0) > 0);
  const change = (n: number, changes: Partial<PlanWindow>) => set({ windows: when.windows.map((one, i) => (i === n ? { ...one, ...changes } : one)) });
  return (
    <>
      <div class="steps" role="group" aria-label={tc('plan.windows')}>
        {when.windows.map((window, n) => (
          <div key={n} class="step">
            <i class="no">{n + 1}</i>
            <div class="step__f">
              <TextField label={tc('plan.from')} hint={tc('plan.time.hint')} most={5} mode="numeric" value={window.from} error={errorAt(`recurrence.windows.${n}.from`)} onText={(from) => change(n, { from })} />
              <TextField label={tc('plan.to')} hint={nextDay({ ...window, from: clock(window.from), to: clock(window.to) }) ? tc('plan.next_day') : undefined} most={5} mode="numeric" value={window.to} error={errorAt(`recurrence.windows.${n}.to`)} onText={(to) => change(n, { to })} />
              {spans && <TextField label={tc('when.window.days')} hint={tc('when.window.days.why')} type="number" mode="numeric" min="0" max="366" value={String(window.days ?? 0)} error={errorAt(`recurrence.windows.${n}.days`)} onText={(days) => change(n, { days: Number(days) })} />}
            </div>
            <div class="step__a">
              {when.windows.length > 1 && <IconButton name="bin" label={tc('list.drop', { name: tc('plan.window.n', { n: n + 1 }) })} onPress={() => set({ windows: when.windows.filter((_, i) => i !== n) })} />}
            </div>
          </div>
        ))}
      </div>
      <span>
        <Button icon="plus" onPress={() => set({ windows: [...when.windows, after(when.windows)] })}>
          {tc('plan.add_window')}
        </Button>
      </span>
    </>
  );
}

function after(windows: readonly PlanWindow[]): PlanWindow {
  const last = windows.at(-1);
  return { from: last?.to === '24:00' ? '00:00' : (last?.to ?? '08:00'), to: '' };
}
