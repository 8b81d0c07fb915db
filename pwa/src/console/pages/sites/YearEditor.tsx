import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button, IconButton } from '../../../ui/Button';
import { send } from '../../api';
import { tell } from '../../model/notice';
import { Refusal } from '../../parts/Answers';
import { AreaField, TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import { bodyOf, readAnnouncement, typedOf, type HolidayYear, type Stretch } from './days';
import { YearDays } from './YearDays';

export type YearEditorProps = { year: HolidayYear; onBack: () => void; onDone: () => void };

/** Days off and working days of a year are typed or read from the announcement, looked at, and only then said. */
export function YearEditor({ year, onBack, onDone }: YearEditorProps) {
  const draft = useForm(typedOf(year));
  const [text, setText] = useState('');
  const [looked, setLooked] = useState<HolidayYear | null>(null);
  const { value, set } = draft;
  const { body, rows } = bodyOf(year.year, value);
  const ask = <T,>(path: string) => send<T>('POST', path, body);
  /** The first thing that is wrong in a row: the server names days, and a row has several. */
  const errorOf = (member: 'free' | 'working', row: number) =>
    rows[member].map((at, n) => (at === row ? draft.errorAt(`${member}.${n}`) : null)).find((said) => said !== null) ?? null;
  const change = (n: number, changes: Partial<Stretch>) => set({ free: value.free.map((one, i) => (i === n ? { ...one, ...changes } : one)) });
  const bounds = { min: `${year.year}-01-01`, max: `${year.year}-12-31` };

  return (
    <form
      class="form below"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void draft.submit(async () => setLooked(await ask<HolidayYear>('/holidays/look')));
      }}
    >
      <AreaField label={tc('holidays.paste')} hint={tc('holidays.paste.hint')} optional most={4_000} value={text} onText={setText} />
      <span>
        <Button onPress={() => set(readAnnouncement(text, year.year))}>
          {tc('holidays.paste.go')}
        </Button>
      </span>
      <h3>{tc('holidays.free')}</h3>
      <div class="steps" role="group" aria-label={tc('holidays.free')}>
        {value.free.map((one, n) => (
          <div key={n} class="step">
            <i class="no">{n + 1}</i>
            <div class="step__f">
              <TextField label={tc('holidays.from')} type="date" {...bounds} value={one.from} error={errorOf('free', n)} onText={(from) => change(n, { from })} />
              <TextField label={tc('holidays.to')} hint={tc('holidays.to.hint')} optional type="date" {...bounds} value={one.to} onText={(to) => change(n, { to })} />
            </div>
            <div class="step__a">
              <IconButton name="bin" label={tc('list.drop', { name: tc('holidays.free.n', { n: n + 1 }) })} onPress={() => set({ free: value.free.filter((_, i) => i !== n) })} />
            </div>
          </div>
        ))}
      </div>
      <span>
        <Button icon="plus" onPress={() => set({ free: [...value.free, { from: '', to: '' }] })}>
          {tc('holidays.free.add')}
        </Button>
      </span>
      <h3>{tc('holidays.working')}</h3>
      <div class="steps" role="group" aria-label={tc('holidays.working')}>
        {value.working.map((day, n) => (
          <div key={n} class="step">
            <i class="no">{n + 1}</i>
            <div class="step__f">
              <TextField label={tc('holidays.day')} type="date" {...bounds} value={day} error={errorOf('working', n)} onText={(to) => set({ working: value.working.map((was, i) => (i === n ? to : was)) })} />
            </div>
            <div class="step__a">
              <IconButton name="bin" label={tc('list.drop', { name: tc('holidays.working.n', { n: n + 1 }) })} onPress={() => set({ working: value.working.filter((_, i) => i !== n) })} />
            </div>
          </div>
        ))}
      </div>
      <span>
        <Button icon="plus" onPress={() => set({ working: [...value.working, ''] })}>
          {tc('holidays.working.add')}
        </Button>
      </span>
      {draft.errorAt('year') !== null && <p class="field__e" data-tone="bad">{tc('holidays.passed_missing')}</p>}
      {looked === null && <Refusal problem={draft.problem} />}
      <div class="acts">
        <Button submit kind="ink" busy={draft.busy}>
          {tc('holidays.look')}
        </Button>
        <Button onPress={onBack}>{tc('act.stay')}</Button>
      </div>
      {looked && (
        <FormDialog
          title={tc('holidays.looked', { year: year.year })}
          go={tc('act.save')}
          busy={draft.busy}
          stay={tc('act.back')}
          onStay={() => setLooked(null)}
          onGo={() =>
            void draft.submit(async () => {
              await ask('/holidays');
              tell(tc('act.saved'));
              onDone();
            })
          }
        >
          <YearDays year={looked} />
          <p>{tc('holidays.looked.why')}</p>
          <Refusal problem={draft.problem} />
        </FormDialog>
      )}
    </form>
  );
}
