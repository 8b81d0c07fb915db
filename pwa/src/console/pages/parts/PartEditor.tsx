import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { may } from '../../model/may';
import { LabelField, TextField } from '../../parts/fields';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { Part } from './types';

const FRESH: Part = { id: '', number: '', name: { zh: '', en: '' }, unit: '个', category: '', code: null, minimum: null, reorder: null, price: null, places: [], stock: '0', order: '0', retired: false };

type PartDraft = { number: string; name: Label; unit: string; category: string; code: string; minimum: string; reorder: string; price: string; places: string };

/** The form of a part. What there is of it is not typed in: moves and counts say it. */
export function PartEditor({ siteId, id }: { siteId: string; id: string }) {
  const parts = useThings<Part>(siteId, 'parts');
  const back = { href: to(siteId, 'parts', id === 'new' ? null : id), word: tc('nav.parts') };
  if (id === 'new') return <PartForm part={FRESH} siteId={siteId} back={back} />;
  return (
    <FindPage load={parts} pick={(one) => one.id === id} title={back.word} back={back}>
      {(part) => <PartForm part={part} siteId={siteId} back={back} />}
    </FindPage>
  );
}

function PartForm({ part, siteId, back }: { part: Part; siteId: string; back: { href: string; word: string } }) {
  const isNew = part.id === '';
  const draft = useForm<PartDraft>({
    number: part.number,
    name: part.name,
    unit: part.unit,
    category: part.category,
    code: part.code ?? '',
    minimum: part.minimum ?? '',
    reorder: part.reorder ?? '',
    price: part.price ?? '',
    places: part.places.join('、'),
  });
  const { value, set, errorAt, problem } = draft;
  const retire = (retired: boolean) => void draft.submit(() => keep(siteId, 'parts', part.id, { retired }, back.href));
  return (
    <EditPage
      title={isNew ? tc('parts.new') : say(part.name)}
      back={back}
      draft={draft}
      may={may('change.stock')}
      onSave={() => void draft.submit((next) => keep(siteId, 'parts', isNew ? null : part.id, bodyOf(next), back.href))}
      more={!isNew && <Button kind={part.retired ? 'plain' : 'bad'} onPress={() => retire(!part.retired)}>{tc(part.retired ? 'part.unretire' : 'part.retire')}</Button>}
    >
      <TextField label={tc('place.number')} narrow required most={24} focus={isNew} value={value.number} error={problem?.slug === 'number-taken' ? tc('problem.number-taken') : errorAt('number')} onText={(number) => set({ number })} />
      <LabelField label={tc('thing.name')} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <div class="pair">
        <TextField label={tc('part.unit')} hint={tc('part.unit.hint')} required most={12} value={value.unit} error={problem?.slug === 'unit-kept' ? tc('problem.unit-kept') : errorAt('unit')} onText={(unit) => set({ unit })} />
        <TextField label={tc('part.category')} optional most={40} value={value.category} error={errorAt('category')} onText={(category) => set({ category })} />
      </div>
      <div class="pair">
        <TextField label={tc('part.minimum')} hint={tc('part.minimum.hint')} optional mode="decimal" value={value.minimum} error={errorAt('minimum')} onText={(minimum) => set({ minimum })} />
        <TextField label={tc('part.reorder')} hint={tc('part.reorder.hint')} optional mode="decimal" value={value.reorder} error={errorAt('reorder')} onText={(reorder) => set({ reorder })} />
      </div>
      <div class="pair">
        <TextField label={tc('part.price.of')} hint={tc('part.price.hint')} optional mode="decimal" value={value.price} error={errorAt('price')} onText={(price) => set({ price })} />
        <TextField label={tc('part.places')} hint={tc('part.places.hint')} optional value={value.places} error={errorAt('places')} onText={(places) => set({ places })} />
      </div>
      <TextField label={tc('part.code')} hint={tc('part.code.hint')} optional most={64} value={value.code} error={errorAt('code')} onText={(code) => set({ code })} />
    </EditPage>
  );
}

function bodyOf({ number, name, unit, category, code, minimum, reorder, price, places }: PartDraft) {
  const or = (text: string) => (text.trim() === '' ? null : text.trim());
  return {
    number,
    name,
    unit,
    category,
    code: or(code),
    minimum: or(minimum),
    reorder: or(reorder),
    price: or(price),
    places: places.split(/[、,，;；]/).map((one) => one.trim()).filter((one) => one !== ''),
  };
}
