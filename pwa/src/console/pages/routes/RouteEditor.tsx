import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button, IconButton } from '../../../ui/Button';
import { LabelField, SelectField, type Option } from '../../parts/fields';
import { useDragOrder } from '../../parts/dragOrder';
import { MoveButtons, moved } from '../../parts/MoveButtons';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import { bodyOf, StopTerms, termsOf, type TermsDraft } from './StopTerms';
import type { PatrolRoute } from '../../routeTypes';
import type { Asset, Checkpoint, Form, TargetKind } from '../../types';

/** A stop being edited; `key` is stable while it is moved, `id` is known once it was kept. */
type DraftStop = { key: number; id: string | null; kind: TargetKind; target: string; form: string; terms: TermsDraft };
type RouteDraft = { name: Label; order: PatrolRoute['order']; stops: DraftStop[] };

/** The form of a route: its stops in walking order, each with or without a form. */
export function RouteEditor({ siteId, id }: { siteId: string; id: string }) {
  const routes = useThings<PatrolRoute>(siteId, 'routes');
  const back = { href: to(siteId, 'routes'), word: tc('nav.routes') };
  if (id === 'new') return <RouteForm route={{ id: '', name: { zh: '', en: '' }, order: 'advised', stops: [] }} siteId={siteId} back={back} />;
  return (
    <FindPage load={routes} pick={(one) => one.id === id} title={back.word} back={back}>
      {(route) => <RouteForm route={route} siteId={siteId} back={back} />}
    </FindPage>
  );
}

let lastKey = 0;
const newKey = () => (lastKey += 1);

function RouteForm({ route, siteId, back }: { route: PatrolRoute; siteId: string; back: { href: string; word: string } }) {
  const points = useThings<Checkpoint>(siteId, 'checkpoints').value ?? [];
  const assets = useThings<Asset>(siteId, 'assets').value ?? [];
  const forms = useThings<Form>(siteId, 'forms').value ?? [];
  const draft = useForm<RouteDraft>({
    name: route.name,
    order: route.order,
    stops: route.stops.map((stop) => ({ key: newKey(), id: stop.id, kind: stop.target.kind, target: stop.target.id, form: stop.form ?? '', terms: termsOf(stop) })),
  });
  const { value, set, errorAt } = draft;
  const isNew = route.id === '';
  const steps = useDragOrder<HTMLOListElement>((from, at) => set({ stops: moved(value.stops, from, at - from) }));
  const places: Option[] = [
    ...points.filter((one) => !one.retired).map((one) => ({ value: `checkpoint:${one.id}`, word: `${one.number} ${say(one.name)}` })),
    ...assets.filter((one) => !one.retired).map((one) => ({ value: `asset:${one.id}`, word: `${one.number} ${say(one.name)}` })),
  ];
  const change = (key: number, changes: Partial<DraftStop>) => set({ stops: value.stops.map((stop) => (stop.key === key ? { ...stop, ...changes } : stop)) });
  const body = ({ name, order, stops }: RouteDraft) => ({
    name,
    order,
    stops: stops.map((stop) => ({ ...(stop.id ? { id: stop.id } : {}), target: { kind: stop.kind, id: stop.target }, form: stop.form || null, ...bodyOf(stop.terms) })),
  });
  return (
    <EditPage
      title={isNew ? tc('routes.new') : say(route.name)}
      back={back}
      draft={draft}
      onSave={() => void draft.submit((next) => keep(siteId, 'routes', isNew ? null : route.id, body(next), back.href))}
    >
      <LabelField label={tc('thing.name')} focus={isNew} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <SelectField
        label={tc('route.order')}
        value={value.order}
        hint={tc(`route.order.${value.order}.why`)}
        options={(['advised', 'enforced', 'free'] as const).map((order) => ({ value: order, word: tc(`route.order.${order}`) }))}
        onChoose={(order) => set({ order: order as RouteDraft['order'] })}
      />
      <h2 class="form__h">{tc('route.stops')}</h2>
      {value.stops.length === 0 && <p class="meta">{tc('route.stops.none')}</p>}
      <ol class="steps" ref={steps}>
        {value.stops.map((stop, n) => (
          <li key={stop.key} class="step step--tall" data-at={n}>
            <i class="no step__grip" draggable title={tc('route.drag')}>
              {n + 1}
            </i>
            <div class="step__f">
              <SelectField
                label={tc('round.stop')}
                value={`${stop.kind}:${stop.target}`}
                options={withGone(places, `${stop.kind}:${stop.target}`)}
                error={errorAt(`stops.${n}.target`) ?? errorAt(`stops.${n}.target.id`) ?? errorAt(`stops.${n}`)}
                onChoose={(chosen) => change(stop.key, pick(chosen))}
              />
              <SelectField
                label={tc('route.form')}
                value={stop.form}
                options={[{ value: '', word: tc('route.form.none') }, ...forms.map((one) => ({ value: one.id, word: say(one.name) }))]}
                error={errorAt(`stops.${n}.form`)}
                onChoose={(form) => change(stop.key, { form })}
              />
              <StopTerms terms={stop.terms} isFirst={n === 0} error={(path) => errorAt(`stops.${n}.${path}`)} onChange={(terms) => change(stop.key, { terms })} />
            </div>
            <div class="step__a">
              <MoveButtons index={n} count={value.stops.length} name={tc('round.stop.n', { n: n + 1 })} onMove={(by) => set({ stops: moved(value.stops, n, by) })} />
              <IconButton name="bin" label={tc('list.drop', { name: tc('round.stop.n', { n: n + 1 }) })} onPress={() => set({ stops: value.stops.filter((one) => one.key !== stop.key) })} />
            </div>
          </li>
        ))}
      </ol>
      <AddStop places={places} onAdd={(chosen) => set({ stops: [...value.stops, { key: newKey(), id: null, form: '', terms: termsOf({}), ...pick(chosen) }] })} />
    </EditPage>
  );
}

function AddStop({ places, onAdd }: { places: readonly Option[]; onAdd: (chosen: string) => void }) {
  const [chosen, setChosen] = useState('');
  const value = chosen || (places[0]?.value ?? '');
  if (places.length === 0) return <p class="meta">{tc('route.no_places')}</p>;
  return (
    <div class="pair pair--end">
      <SelectField label={tc('route.next')} value={value} options={places} onChoose={setChosen} />
      <span>
        <Button
          icon="plus"
          onPress={() => {
            onAdd(value);
            const next = places[places.findIndex((one) => one.value === value) + 1];
            setChosen(next?.value ?? value);
          }}
        >
          {tc('route.add')}
        </Button>
      </span>
    </div>
  );
}

function pick(chosen: string): { kind: TargetKind; target: string } {
  const [kind = 'checkpoint', target = ''] = chosen.split(':');
  return { kind: kind as TargetKind, target };
}

// a place that was retired stays chosen until somebody chooses another
function withGone(places: readonly Option[], value: string): Option[] {
  return places.some((one) => one.value === value) ? [...places] : [{ value, word: tc('place.retired') }, ...places];
}
