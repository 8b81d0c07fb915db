import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { send } from '../../api';
import { dayOf } from '../../dates';
import { useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { useCatalogue, useTemplates, type Craft, type Daytime, type Outcome, type ServicePlan, type Standing, type Template } from '../../model/servicePlan';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { SelectField, TextField } from '../../parts/fields';
import { Page } from '../../parts/Page';
import { useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, place, to } from '../../route';
import type { SiteRef, Team } from '../../types';
import { OutcomeView } from './OutcomeView';
import { Ticks } from './Ticks';
import { clockOf, minutesOf } from './words';

/** Choose a template; then what of it, and see what would be made before it is. */
export function TemplatePage({ site }: { site: SiteRef }) {
  const templates = useTemplates();
  const catalogue = useCatalogue();
  const standing = useLoad<Standing>(`/sites/${site.id}/service-plan`);
  const teams = useThings<Team>(site.id, 'teams');
  const back = { href: to(site.id, 'service'), word: tc('nav.service') };
  const loads = [templates, catalogue, standing, teams];
  if (!templates.value || !catalogue.value || !standing.value || !teams.value) {
    const failed = loads.find((load) => load.value === null && load.problem !== null);
    return <Page title={tc('service.template')} crumbs={[back]}>{failed?.problem ? <Failure problem={failed.problem} onAgain={failed.reload} /> : <Waiting />}</Page>;
  }
  const chosen = templates.value.find((one) => one.id === place.value.query['t']);
  if (!chosen) return <Choose site={site} templates={templates.value} back={back} />;
  return <SetUp key={chosen.id} site={site} template={chosen} catalogue={catalogue.value} standing={standing.value} teams={teams.value} back={back} />;
}

type Back = { href: string; word: string };

function Choose({ site, templates, back }: { site: SiteRef; templates: readonly Template[]; back: Back }) {
  return (
    <Page title={tc('service.template')} crumbs={[back, { word: tc('service.template') }]} sub={say(site.name)}>
      <p class="note">{tc('template.why')}</p>
      <nav class="rows rows--long below" aria-label={tc('service.template')}>
        {[...templates].sort((a, b) => b.demands.length - a.demands.length).map((one) => (
          <a key={one.id} class="row" href={to(site.id, 'service', 'template', { t: one.id })}>
            <Icon name="plan" />
            <span class="grow">
              <strong>{say(one.name)}</strong>
              <small class="meta">
                {say(one.about)} · {tc('template.demands.n', { n: one.demands.length })}
              </small>
            </span>
            <Icon name="next" />
          </a>
        ))}
      </nav>
      <p class="below">
        <Button href={to(site.id, 'plans')}>{tc('template.by_hand')}</Button>
      </p>
    </Page>
  );
}

type SetUpProps = { site: SiteRef; template: Template; catalogue: readonly ServicePlan[]; standing: Standing; teams: readonly Team[]; back: Back };
type SetUpDraft = { from: string; to: string; counts: Record<string, string>; starts: string; demands: string[]; teams: Partial<Record<Craft, string>> };

function SetUp({ site, template, catalogue, standing, teams, back }: SetUpProps) {
  const day: Daytime = standing.daytime ?? standing.usual_daytime;
  const only = place.value.query['only'];
  const draft = useForm<SetUpDraft>({
    from: clockOf(day.from_min),
    to: clockOf(day.to_min),
    counts: Object.fromEntries(template.per.map((per) => [per.key, String(per.count)])),
    starts: dayOf(Date.now(), site.time_zone),
    demands: template.demands.filter((one) => (only ? one.id === only : one.first)).map((one) => one.id),
    teams: {},
  });
  const [seen, setSeen] = useState<Outcome | null>(null);
  const { value, errorAt } = draft;
  const set = (changes: Partial<SetUpDraft>) => {
    setSeen(null);
    draft.set(changes);
  };
  const path = `/sites/${site.id}/service-plan`;
  const look = () => void draft.submit(async (next) => setSeen(await send<Outcome>('POST', `${path}/look`, bodyOf(template, next))));
  const make = () =>
    void draft.submit(async (next) => {
      const made = await send<Outcome>('POST', path, bodyOf(template, next));
      tell(tc('outcome.told', { n: made.plans.filter((plan) => plan.there === null).length }));
      go(back.href);
    });
  const choices = [{ value: '', word: tc('plan.team.all') }, ...teams.map((team) => ({ value: team.id, word: say(team.name) }))];
  return (
    <Page title={say(template.name)} sub={say(site.name)} crumbs={[back, { href: to(site.id, 'service', 'template'), word: tc('service.template') }, { word: say(template.name) }]}>
      <form
        class="form form--page"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          look();
        }}
      >
        <p>{say(template.about)}</p>
        <div class="pair">
          <TextField label={tc('template.day_from')} hint={tc('template.day.hint')} type="time" required value={value.from} error={errorAt('daytime.from_min')} onText={(from) => set({ from })} />
          <TextField label={tc('template.day_to')} type="time" required value={value.to} error={errorAt('daytime.to_min') ?? errorAt('daytime')} onText={(until) => set({ to: until })} />
          <TextField label={tc('plan.starts')} type="date" required value={value.starts} error={errorAt('starts_on')} onText={(starts) => set({ starts })} />
          {template.per.map((per) => (
            <TextField
              key={per.key}
              label={say(per.ask)}
              hint={tc('template.most', { n: per.most })}
              type="number"
              min="1"
              max={String(per.most)}
              mode="numeric"
              value={value.counts[per.key] ?? ''}
              error={errorAt(`counts.${per.key}`) ?? errorAt(`counts.${per.key}.value`)}
              onText={(n) => set({ counts: { ...value.counts, [per.key]: n } })}
            />
          ))}
        </div>
        <h2 class="form__h">{tc('template.who')}</h2>
        <div class="pair">
          {template.crafts.map((craft) => (
            <SelectField key={craft} label={tc(`craft.${craft}`)} value={value.teams[craft] ?? ''} options={choices} error={errorAt(`teams.${craft}`)} onChoose={(team) => set({ teams: { ...value.teams, [craft]: team } })} />
          ))}
        </div>
        <h2 class="form__h">{tc('template.demands')}</h2>
        <Ticks catalogue={catalogue} offered={template.demands.map((one) => one.id)} chosen={value.demands} error={errorAt('demands')} onChoose={(demands) => set({ demands })} />
        <Refusal problem={draft.problem} />
        <div class="acts">
          <Button submit kind={seen ? 'plain' : 'ink'} busy={draft.busy}>
            {tc('outcome.look')}
          </Button>
          {!seen && <Button href={back.href}>{tc('act.back')}</Button>}
        </div>
      </form>
      {seen && (
        <>
          <OutcomeView outcome={seen} siteId={site.id} />
          <div class="acts below">
            <Button kind="ink" icon="check" busy={draft.busy} onPress={make}>
              {tc('outcome.make')}
            </Button>
            <Button href={back.href}>{tc('act.back')}</Button>
          </div>
        </>
      )}
    </Page>
  );
}

function bodyOf(template: Template, draft: SetUpDraft) {
  return {
    template: template.id,
    version: template.version,
    daytime: { from_min: minutesOf(draft.from), to_min: minutesOf(draft.to) },
    counts: Object.fromEntries(Object.entries(draft.counts).map(([key, n]) => [key, Number(n)])),
    demands: draft.demands,
    teams: Object.fromEntries(template.crafts.map((craft) => [craft, draft.teams[craft] || null])),
    starts_on: draft.starts,
  };
}
