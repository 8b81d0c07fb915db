import { useState } from 'preact/hooks';
import { tc } from '../../../../i18n/console';
import { langOf, say, type Label } from '../../../../i18n/label';
import { Button } from '../../../../ui/Button';
import { Chip } from '../../../../ui/State';
import { send } from '../../../api';
import { useLoad } from '../../../model/load';
import { may } from '../../../model/may';
import { Refusal } from '../../../parts/Answers';
import { CheckField, LabelField, SelectField, TextField } from '../../../parts/fields';
import { FormDialog } from '../../../parts/FormDialog';
import { Panel } from '../../../parts/Page';
import { useForm } from '../../../parts/useForm';
import type { AssetPanelProps, Duty, DutyKind } from '../types';
import { DUTY_LOOKS, leftWords } from '../words';

const KINDS: readonly DutyKind[] = ['test', 'calibration', 'lightning', 'other'];
type Props = AssetPanelProps & { onChange: () => void };

/** What is to be tested and calibrated, when it is due, and what proves that it was done. */
export function Duties({ site, asset, onChange }: Props) {
  const path = `/sites/${site.id}/assets/${asset.id}/duties`;
  const duties = useLoad<{ duties: Duty[] }>(path);
  const [open, setOpen] = useState<'new' | Duty | null>(null);
  const list = duties.value?.duties ?? [];
  if (list.length === 0 && !may('change.assets')) return null;
  const done = (): void => {
    setOpen(null);
    duties.reload();
    onChange();
  };
  return (
    <Panel title={tc('duties.title')}>
      {duties.value && list.length === 0 && <p class="meta">{tc('duties.none')}</p>}
      <ul class="papers">
        {list.map((duty) => (
          <li key={duty.id}>
            <div class="wo__top">
              <b lang={langOf(duty.name)}>{say(duty.name)}</b>
              <Chip tone={DUTY_LOOKS[duty.state].tone} icon={DUTY_LOOKS[duty.state].icon}>
                {leftWords(duty)}
              </Chip>
            </div>
            <p class="meta">{[tc('duty.due_on', { day: duty.next_on }), tc('duty.every', { n: duty.every_months })].join(' · ')}</p>
            {duty.done[0] && <p class="meta">{[tc(duty.done[0].passed ? 'duty.last' : 'duty.failed', { day: duty.done[0].done_on }), duty.done[0].by, duty.done[0].number].filter(Boolean).join(' · ')}</p>}
            {may('change.assets') && (
              <Button icon="check" onPress={() => setOpen(duty)}>
                {tc('duty.done')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {may('change.assets') && !asset.retired && (
        <Button icon="plus" onPress={() => setOpen('new')}>
          {tc('duties.add')}
        </Button>
      )}
      {open === 'new' && <Adding path={path} onClose={() => setOpen(null)} onDone={done} />}
      {open !== null && open !== 'new' && <Doing path={`/sites/${site.id}/duties/${open.id}/done`} duty={open} onClose={() => setOpen(null)} onDone={done} />}
    </Panel>
  );
}

type DialogProps = { path: string; onClose: () => void; onDone: () => void };

function Adding({ path, onClose, onDone }: DialogProps) {
  const draft = useForm<{ name: Label; kind: DutyKind; months: string; anchor: 'done' | 'fixed'; first: string; remind: string }>({
    name: { zh: '', en: '' }, kind: 'test', months: '12', anchor: 'done', first: '', remind: '30',
  }); // prettier-ignore
  const { value, set, errorAt } = draft;
  const keep = (): void =>
    void draft.submit(async ({ name, kind, months, anchor, first, remind }) => {
      await send('POST', path, { name, kind, every_months: Number(months), anchor, first_on: first, remind_days: Number(remind) });
      onDone();
    });
  return (
    <FormDialog title={tc('duties.add')} go={tc('act.save')} busy={draft.busy} onStay={onClose} onGo={keep}>
      <LabelField label={tc('duty.name')} focus value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <SelectField label={tc('papers.kind')} value={value.kind} options={KINDS.map((kind) => ({ value: kind, word: tc(`duty.kind.${kind}`) }))} onChoose={(kind) => set({ kind: kind as DutyKind })} />
      <TextField label={tc('duty.months')} narrow mode="numeric" type="number" min="1" max="240" value={value.months} error={errorAt('every_months')} onText={(months) => set({ months })} />
      <SelectField
        label={tc('duty.anchor')}
        value={value.anchor}
        options={(['done', 'fixed'] as const).map((anchor) => ({ value: anchor, word: tc(`duty.anchor.${anchor}`) }))}
        onChoose={(anchor) => set({ anchor: anchor as 'done' | 'fixed' })}
      />
      <TextField label={tc('duty.first')} narrow type="date" required value={value.first} error={errorAt('first_on')} onText={(first) => set({ first })} />
      <TextField label={tc('duty.remind')} narrow mode="numeric" type="number" min="0" max="365" value={value.remind} error={errorAt('remind_days')} onText={(remind) => set({ remind })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

function Doing({ path, duty, onClose, onDone }: DialogProps & { duty: Duty }) {
  const draft = useForm({ on: '', passed: true, number: '', by: duty.done[0]?.by ?? '', next: '' });
  const { value, set, errorAt } = draft;
  const keep = (): void =>
    void draft.submit(async ({ on, passed, number, by, next }) => {
      await send('POST', path, { done_on: on, passed, number, by, next_on: next || null });
      onDone();
    });
  return (
    <FormDialog title={`${say(duty.name)} · ${tc('duty.done')}`} go={tc('act.save')} busy={draft.busy} onStay={onClose} onGo={keep}>
      <TextField label={tc('duty.on')} narrow type="date" required focus value={value.on} error={errorAt('done_on')} onText={(on) => set({ on })} />
      <CheckField label={tc('duty.passed')} hint={tc('duty.passed.hint')} checked={value.passed} onCheck={(passed) => set({ passed })} />
      <TextField label={tc('duty.by')} optional most={120} value={value.by} error={errorAt('by')} onText={(by) => set({ by })} />
      <TextField label={tc('duty.number')} optional most={60} value={value.number} error={errorAt('number')} onText={(number) => set({ number })} />
      <TextField label={tc('duty.next')} hint={tc('duty.next.hint')} narrow type="date" optional value={value.next} error={errorAt('next_on')} onText={(next) => set({ next })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
