import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { dayOf } from '../../dates';
import { mayAt } from '../../model/may';
import { tell } from '../../model/notice';
import type { Outcome } from '../../model/servicePlan';
import { session } from '../../model/session';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { CheckField, SelectField, TextField } from '../../parts/fields';
import { Page } from '../../parts/Page';
import { NoThings, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { recurrenceWords } from '../../recurrence';
import { go, place, setQuery, to } from '../../route';
import type { Plan, SiteRef } from '../../types';
import { OutcomeView } from './OutcomeView';

/** Plans of another site, copied here with what they need. */
export function CopyPage({ site }: { site: SiteRef }) {
  const back = { href: to(site.id, 'service'), word: tc('nav.service') };
  const others = session.value.sites.filter((one) => one.id !== site.id && mayAt(one, 'see.plan'));
  const source = others.find((one) => one.id === place.value.query['from']) ?? null;
  const plans = useThings<Plan>(source?.id ?? null, 'plans');
  const title = tc('service.copy');
  return (
    <Page title={title} sub={say(site.name)} crumbs={[back, { word: title }]}>
      {others.length === 0 ? (
        <NoThings icon="copy" title={tc('copy.nowhere')} why={tc('copy.nowhere.why')} href={back.href} act={tc('act.back')} />
      ) : (
        <>
          <p class="note">{tc('copy.why')}</p>
          <div class="below">
            <SelectField label={tc('copy.from')} value={source?.id ?? ''} options={[{ value: '', word: tc('copy.choose') }, ...others.map((one) => ({ value: one.id, word: say(one.name) }))]} onChoose={(from) => setQuery({ from })} />
          </div>
          {source && plans.value === null && (plans.problem ? <Failure problem={plans.problem} onAgain={plans.reload} /> : <Waiting />)}
          {source && plans.value !== null && <CopyForm key={source.id} site={site} source={source} plans={plans.value} back={back.href} />}
        </>
      )}
    </Page>
  );
}

function CopyForm({ site, source, plans, back }: { site: SiteRef; source: SiteRef; plans: readonly Plan[]; back: string }) {
  const draft = useForm({ plans: plans.filter((plan) => plan.special === null).map((plan) => plan.id), promises: true, starts: dayOf(Date.now(), site.time_zone) });
  const [seen, setSeen] = useState<Outcome | null>(null);
  const { value, errorAt } = draft;
  const set = (changes: Partial<typeof value>) => {
    setSeen(null);
    draft.set(changes);
  };
  const path = `/sites/${site.id}/service-plan/copy`;
  const body = (next: typeof value) => ({ from: source.id, plans: next.plans, promises: next.promises, starts_on: next.starts });
  const look = () => void draft.submit(async (next) => setSeen(await send<Outcome>('POST', `${path}/look`, body(next))));
  const make = () =>
    void draft.submit(async (next) => {
      const made = await send<Outcome>('POST', path, body(next));
      tell(tc('outcome.told', { n: made.plans.filter((plan) => plan.there === null).length }));
      go(back);
    });
  if (plans.length === 0) return <NoThings icon="plan" title={tc('copy.empty')} why={tc('copy.empty.why')} />;
  const all = plans.every((plan) => value.plans.includes(plan.id));
  return (
    <>
      <form
        class="form form--page below"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        <TextField label={tc('plan.starts')} narrow type="date" required value={value.starts} error={errorAt('starts_on')} onText={(starts) => set({ starts })} />
        <fieldset class="field">
          <legend>{tc('nav.plans')}</legend>
          <span>
            <Button kind="quiet" onPress={() => set({ plans: all ? [] : plans.map((plan) => plan.id) })}>
              {tc(all ? 'template.none' : 'template.all')}
            </Button>
          </span>
          <div class="demandticks">
            {plans.map((plan) => (
              <CheckField
                key={plan.id}
                label={say(plan.name)}
                hint={[plan.demand, recurrenceWords(plan.recurrence)].filter(Boolean).join(' · ')}
                checked={value.plans.includes(plan.id)}
                onCheck={(checked) => set({ plans: checked ? [...value.plans, plan.id] : value.plans.filter((id) => id !== plan.id) })}
              />
            ))}
          </div>
          {errorAt('plans') && (
            <small class="field__e" role="alert" data-tone="bad">
              {errorAt('plans')}
            </small>
          )}
        </fieldset>
        <CheckField label={tc('copy.promises')} hint={tc('copy.promises.hint')} checked={value.promises} onCheck={(promises) => set({ promises })} />
        <Refusal problem={draft.problem} />
        <div class="acts">
          <Button submit kind={seen ? 'plain' : 'ink'} busy={draft.busy}>
            {tc('outcome.look')}
          </Button>
        </div>
      </form>
      {seen && (
        <>
          <OutcomeView outcome={seen} siteId={site.id} />
          <div class="acts below">
            <Button kind="ink" icon="check" busy={draft.busy} onPress={make}>
              {tc('outcome.copy')}
            </Button>
            <Button href={back}>{tc('act.back')}</Button>
          </div>
        </>
      )}
    </>
  );
}
