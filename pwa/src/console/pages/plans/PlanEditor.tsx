import { tc, type ConsoleKey } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button, IconButton } from '../../../ui/Button';
import { dayOf } from '../../dates';
import { CheckField, LabelField, SelectField, TextField, TickRow } from '../../parts/fields';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm, type Draft } from '../../parts/useForm';
import { DAY_CODES, partsOf } from '../../recurrence';
import { to } from '../../route';
import type { PatrolRoute, Plan, PlanWindow, Team } from '../../types';

type PlanDraft = {
  name: Label;
  route: string;
  demand: string;
  crew: '1' | '2';
  grace: string;
  team: string;
  daily: boolean;
  days: string[];
  windows: PlanWindow[];
  starts: string;
  ends: string;
  paused: boolean;
};
type Back = { href: string; word: string };

/** The form of a plan. Keeping it cuts its windows 35 days ahead; windows that have begun stay as they were. */
export function PlanEditor({ siteId, zone, id }: { siteId: string; zone: string; id: string }) {
  const plans = useThings<Plan>(siteId, 'plans');
  const routes = useThings<PatrolRoute>(siteId, 'routes');
  const back = { href: to(siteId, 'plans'), word: tc('nav.plans') };
  if (id === 'new' && routes.value) {
    const fresh: Plan = {
      id: '', name: { zh: '', en: '' }, route: routes.value[0]?.id ?? '', demand: null, crew: 1, grace_min: 30, assignee: null, stop: null, special: null,
      recurrence: { kind: 'calendar', rule: 'FREQ=DAILY', windows: [{ from: '08:00', to: '10:00' }] }, starts_on: dayOf(Date.now(), zone), ends_on: null, paused: false,
    };
    return <PlanForm plan={fresh} routes={routes.value} siteId={siteId} back={back} />;
  }
  return (
    <FindPage load={plans} pick={(one) => one.id === id} title={back.word} back={back}>
      {(plan) => <PlanForm plan={plan} routes={routes.value ?? []} siteId={siteId} back={back} />}
    </FindPage>
  );
}

function PlanForm({ plan, routes, siteId, back }: { plan: Plan; routes: readonly PatrolRoute[]; siteId: string; back: Back }) {
  const teams = useThings<Team>(siteId, 'teams').value ?? [];
  const draft = useForm<PlanDraft>({
    name: plan.name, route: plan.route ?? '', demand: plan.demand ?? '', crew: plan.crew === 2 ? '2' : '1', grace: String(plan.grace_min), team: plan.assignee?.id ?? '',
    ...simpleOf(plan.recurrence),
    starts: plan.starts_on, ends: plan.ends_on ?? '', paused: plan.paused,
  });
  const { value, set, errorAt } = draft;
  const isNew = plan.id === '';
  return (
    <EditPage
      title={isNew ? tc('plans.new') : say(plan.name)}
      back={back}
      draft={draft}
      onSave={() => void draft.submit((next) => keep(siteId, 'plans', isNew ? null : plan.id, bodyOf(next), back.href))}
    >
      <LabelField label={tc('thing.name')} focus={isNew} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <div class="pair">
        <SelectField
          label={tc('plan.route')}
          value={value.route}
          options={routes.map((one) => ({ value: one.id, word: `${say(one.name)} · ${tc('route.stops.n', { n: one.stops.length })}` }))}
          error={draft.problem?.slug === 'empty-route' ? tc('problem.empty-route') : errorAt('route')}
          onChoose={(route) => set({ route })}
        />
        <TextField label={tc('plan.demand')} hint={tc('plan.demand.hint')} optional most={20} value={value.demand} error={errorAt('demand')} onText={(demand) => set({ demand })} />
      </div>
      <Windows draft={draft} />
      <div class="pair">
        <SelectField
          label={tc('plan.crew')}
          value={value.crew}
          options={[
            { value: '1', word: tc('plan.crew.1') },
            { value: '2', word: tc('plan.crew.2') },
          ]}
          onChoose={(crew) => set({ crew: crew as PlanDraft['crew'] })}
        />
        <TextField label={tc('plan.grace')} hint={tc('plan.grace.hint')} type="number" min="0" max="1440" mode="numeric" value={value.grace} error={errorAt('grace_min')} onText={(grace) => set({ grace })} />
        <SelectField
          label={tc('person.team')}
          hint={tc('plan.team.hint')}
          value={value.team}
          options={[{ value: '', word: tc('plan.team.all') }, ...teams.map((one) => ({ value: one.id, word: say(one.name) }))]}
          error={errorAt('assignee')}
          onChoose={(team) => set({ team })}
        />
      </div>
      <div class="pair">
        <TextField label={tc('plan.starts')} type="date" required value={value.starts} error={errorAt('starts_on')} onText={(starts) => set({ starts })} />
        <TextField label={tc('plan.ends')} type="date" optional value={value.ends} error={errorAt('ends_on')} onText={(ends) => set({ ends })} />
      </div>
      <CheckField label={tc('plan.pause')} hint={tc('plan.pause.why')} checked={value.paused} onCheck={(paused) => set({ paused })} />
      <p class="note">{tc('plan.cut')}</p>
    </EditPage>
  );
}

function Windows({ draft }: { draft: Draft<PlanDraft> }) {
  const { value, set, errorAt } = draft;
  const change = (n: number, changes: Partial<PlanWindow>) => set({ windows: value.windows.map((one, i) => (i === n ? { ...one, ...changes } : one)) });
  const add = () => {
    const last = value.windows.at(-1);
    set({ windows: [...value.windows, { from: last?.to === '24:00' ? '00:00' : (last?.to ?? '08:00'), to: '' }] });
  };
  return (
    <>
      <h2 class="form__h">{tc('plan.when')}</h2>
      <CheckField label={tc('days.daily')} checked={value.daily} onCheck={(daily) => set({ daily })} />
      {!value.daily && (
        <TickRow
          label={tc('plan.weekdays')}
          options={[1, 2, 3, 4, 5, 6, 7].map((day) => ({ value: String(day), word: tc(`day.${day}` as ConsoleKey) }))}
          chosen={value.days}
          error={errorAt('recurrence.rule')}
          onChoose={(days) => set({ days })}
        />
      )}
      <div class="steps" role="group" aria-label={tc('plan.windows')}>
        {value.windows.map((window, n) => (
          <div key={n} class="step">
            <i class="no">{n + 1}</i>
            <div class="step__f">
              <TextField label={tc('plan.from')} hint={tc('plan.time.hint')} most={5} mode="numeric" value={window.from} error={errorAt(`recurrence.windows.${n}.from`)} onText={(from) => change(n, { from })} />
              <TextField label={tc('plan.to')} hint={nextDay(window) ? tc('plan.next_day') : undefined} most={5} mode="numeric" value={window.to} error={errorAt(`recurrence.windows.${n}.to`)} onText={(next) => change(n, { to: next })} />
            </div>
            <div class="step__a">
              {value.windows.length > 1 && <IconButton name="bin" label={tc('list.drop', { name: tc('plan.window.n', { n: n + 1 }) })} onPress={() => set({ windows: value.windows.filter((_, i) => i !== n) })} />}
            </div>
          </div>
        ))}
      </div>
      {errorAt('recurrence.windows') && (
        <small class="field__e" role="alert" data-tone="bad">
          {errorAt('recurrence.windows')}
        </small>
      )}
      <span>
        <Button icon="plus" onPress={add}>
          {tc('plan.add_window')}
        </Button>
      </span>
    </>
  );
}

function simpleOf(recurrence: Plan['recurrence']): Pick<PlanDraft, 'daily' | 'days' | 'windows'> {
  if (recurrence.kind !== 'calendar') return { daily: true, days: [], windows: [] };
  const days = (partsOf(recurrence.rule).BYDAY ?? 'MO,TU,WE,TH,FR').split(',').map((day) => String(DAY_CODES.indexOf(day) + 1));
  return { daily: recurrence.rule === 'FREQ=DAILY', days, windows: recurrence.windows ?? [] };
}

function nextDay({ from, to: end }: PlanWindow): boolean {
  return /^\d\d:\d\d$/.test(from) && /^\d\d:\d\d$/.test(end) && end <= from;
}

// 8:00 and full-width colons are what people type
function clock(text: string): string {
  const found = /^(\d{1,2})[:：.](\d{2})$/.exec(text.trim());
  return found ? `${found[1]!.padStart(2, '0')}:${found[2]}` : text.trim();
}

function bodyOf(draft: PlanDraft) {
  const grace = Number(draft.grace);
  return {
    name: draft.name,
    route: draft.route,
    demand: draft.demand.trim() || null,
    crew: draft.crew === '2' ? 2 : 1,
    grace_min: Number.isInteger(grace) ? grace : draft.grace,
    assignee: draft.team ? { kind: 'team', id: draft.team } : null,
    recurrence: {
      kind: 'calendar',
      rule: draft.daily ? 'FREQ=DAILY' : `FREQ=WEEKLY;BYDAY=${draft.days.map((day) => DAY_CODES[Number(day) - 1]).join(',')}`,
      windows: draft.windows.map((window) => ({ from: clock(window.from), to: clock(window.to) })),
    },
    starts_on: draft.starts,
    ends_on: draft.ends || null,
    paused: draft.paused,
  };
}
