import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { LabelField, SelectField, TextField } from '../../parts/fields';
import { EditPage, FindPage, keep, useThings, zoneOptions } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { Asset, Checkpoint, Position, Zone } from '../../types';
import { StandHere } from './StandHere';

/** A checkpoint or an asset: both are a numbered place with a tag, an asset has a category besides. */
export type PlaceKind = 'checkpoints' | 'assets';
type Either = Checkpoint & Partial<Pick<Asset, 'category'>>;

/** The form of a checkpoint or an asset. */
export function PlaceEditor({ kind, siteId, id }: { kind: PlaceKind; siteId: string; id: string }) {
  const places = useThings<Either>(siteId, kind);
  const zones = useThings<Zone>(siteId, 'zones');
  const page = kind === 'checkpoints' ? 'places' : 'assets';
  const back = { href: to(siteId, page), word: tc(`nav.${page}`) };
  const empty: Either = { id: '', number: '', name: { zh: '', en: '' }, zone: null, position: null, retired: false, tag: null, used_by: 0, category: '' };
  const positions = (but: string) => (places.value ?? []).flatMap((one) => (one.id !== but && one.position && !one.retired ? [one.position] : []));
  const form = (place: Either) => <PlaceForm kind={kind} place={place} others={positions(place.id)} zones={zones.value ?? []} siteId={siteId} back={back} />;
  if (id === 'new') return form(empty);
  return (
    <FindPage load={places} pick={(one) => one.id === id} title={back.word} back={back}>
      {form}
    </FindPage>
  );
}

type PlaceFormProps = { kind: PlaceKind; place: Either; others: readonly Position[]; zones: Zone[]; siteId: string; back: { href: string; word: string } };
type PlaceDraft = { number: string; name: Label; zone: string; category: string; position: string };

function PlaceForm({ kind, place, others, zones, siteId, back }: PlaceFormProps) {
  const [retiring, setRetiring] = useState(false);
  const draft = useForm<PlaceDraft>({ number: place.number, name: place.name, zone: place.zone ?? '', position: positionText(place.position), category: place.category ?? '' });
  const { value, set, errorAt } = draft;
  const isNew = place.id === '';
  const id = isNew ? null : place.id;
  const body = ({ number, name, zone, category, position }: PlaceDraft) => ({ number, name, zone: zone || null, ...(position === positionText(place.position) ? {} : { position: readPosition(position) }), ...(kind === 'assets' ? { category } : {}) });
  const retire = (retired: boolean) => void draft.submit(() => keep(siteId, kind, id, { retired }, back.href));
  return (
    <EditPage
      title={isNew ? tc(`${kind}.new`) : say(place.name)}
      back={back}
      draft={draft}
      onSave={() => void draft.submit((next) => keep(siteId, kind, id, body(next), back.href))}
      more={!isNew && !place.retired && <Button kind="bad" onPress={() => setRetiring(true)}>{tc('place.retire')}</Button>}
    >
      {place.retired && <p class="note">{tc('place.retired.why')}</p>}
      <TextField label={tc('place.number')} hint={tc('place.number.hint')} narrow required most={12} focus={isNew} value={value.number} error={numberError(draft)} onText={(number) => set({ number })} />
      <LabelField label={tc('thing.name')} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      {kind === 'assets' && <TextField label={tc('asset.category')} hint={tc('asset.category.hint')} optional most={40} value={value.category} error={errorAt('category')} onText={(category) => set({ category })} />}
      <SelectField label={tc('thing.zone')} value={value.zone} options={zoneOptions(zones)} error={errorAt('zone')} onChoose={(zone) => set({ zone })} />
      <TextField label={tc('place.position')} hint={tc('place.position.hint')} optional most={40} value={value.position} error={errorAt('position') ?? errorAt('position.lat') ?? errorAt('position.lon')} onText={(position) => set({ position })} />
      <StandHere others={others} onPosition={(position) => set({ position: positionText(position) })} />
      {isNew ? <p class="meta">{tc('place.tag.made')}</p> : place.tag && <p class="meta">{tc('place.tag.is', { code: place.tag.short_code, n: place.tag.print_no })}</p>}
      {retiring && (
        <Dialog title={tc('place.retire.ask', { name: say(place.name) })} stay={tc('act.stay')} onStay={() => setRetiring(false)} go={tc('place.retire')} goKind="bad" onGo={() => { setRetiring(false); retire(true); }}>
          <p>{tc('place.retire.why')}</p>
        </Dialog>
      )}
    </EditPage>
  );
}

/** A position as maps write it: latitude and longitude in degrees. */
export function positionText(position: Position | null): string {
  return position ? `${position.lat / 1e7}, ${position.lon / 1e7}` : '';
}

/** What was typed as a position; null for nothing, and the text itself where it is none, which the server refuses. */
export function readPosition(text: string): Position | string | null {
  if (text.trim() === '') return null;
  const [, lat, lon] = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(text) ?? [];
  return lat === undefined || lon === undefined ? text : { lat: Math.round(Number(lat) * 1e7), lon: Math.round(Number(lon) * 1e7) };
}

/** The error at a number, also when the server refused the whole because the number is taken. */
export function numberError(draft: { problem: { slug: string } | null; errorAt: (path: string) => string | null }): string | null {
  return draft.problem?.slug === 'number-taken' ? tc('problem.number-taken') : draft.errorAt('number');
}
