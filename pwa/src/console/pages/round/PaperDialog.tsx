import { useId } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { send, sendFile } from '../../api';
import { useLoad } from '../../model/load';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { AreaField, SelectField, TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import type { Person, Round } from '../../types';
import { sheetMoment } from './sheet';

export type PaperDialogProps = { round: Round; path: string; siteId: string; zone: string; title: string; onClose: () => void; onDone: (round: Round) => void };
type Draft = { person: string; why: string; photo: File | null; times: Record<string, string> };
type Missing = 'person' | 'photo' | 'stops';

/** Enters a paper sheet: who walked, when at which stop, why there was no phone, and a photo of the sheet. */
export function PaperDialog({ round, path, siteId, zone, title, onClose, onDone }: PaperDialogProps) {
  const people = useLoad<{ people: Person[] }>(`/sites/${siteId}/people`);
  const draft = useForm<Draft & { missing: Missing | null }>({ person: '', why: '', photo: null, times: {}, missing: null });
  const photoId = useId();
  const { value } = draft;
  const stops = round.stops.flatMap((stop) => {
    const at_ms = sheetMoment(value.times[stop.id] ?? '', round.from_ms, zone);
    return at_ms === null ? [] : [{ stop: stop.id, at_ms }];
  });
  const enter = async () => {
    const missing: Missing | null = value.person === '' ? 'person' : !value.photo ? 'photo' : stops.length === 0 ? 'stops' : null;
    draft.set({ missing });
    if (missing || !value.photo) return;
    const { photo } = value;
    await draft.submit(async ({ person, why }) => {
      const kept = await sendFile<{ photo: string }>(`/sites/${siteId}/papers/photos`, photo, photo.type);
      onDone(await send<Round>('POST', `${path}/papers`, { person, why, photo: kept.photo, stops }));
    });
  };
  const timeError = (stop: string) => {
    const at = stops.findIndex((one) => one.stop === stop);
    return at < 0 ? null : (draft.errorAt(`stops.${at}.at_ms`) ?? draft.errorAt(`stops.${at}.stop`));
  };
  return (
    <FormDialog title={tc('paper.enter', { name: title })} go={tc('paper.go')} busy={draft.busy} onStay={onClose} onGo={() => void enter()}>
      <p>{tc('paper.explain')}</p>
      {people.value ? (
        <SelectField
          label={tc('paper.person')}
          value={value.person}
          onChoose={(person) => draft.set({ person })}
          options={[{ value: '', word: tc('paper.person.choose') }, ...people.value.people.map((one) => ({ value: one.id, word: one.name }))]}
          error={value.missing === 'person' ? tc('paper.missing.person') : draft.errorAt('person')}
        />
      ) : people.problem ? (
        <Failure problem={people.problem} onAgain={people.reload} />
      ) : (
        <Waiting />
      )}
      <fieldset class="field">
        <legend>{tc('paper.times')}</legend>
        {round.stops.map((stop) => (
          <TextField
            key={stop.id}
            narrow
            label={`${stop.number} ${stop.name ? say(stop.name) : tc('visit.no_place')}`}
            value={value.times[stop.id] ?? ''}
            onText={(text) => draft.set({ times: { ...value.times, [stop.id]: text } })}
            error={timeError(stop.id)}
          />
        ))}
        {value.missing === 'stops' && (
          <small class="field__e" data-tone="bad">
            {tc('paper.missing.stops')}
          </small>
        )}
      </fieldset>
      <div class="field">
        <label for={photoId}>{tc('paper.photo')}</label>
        <input id={photoId} type="file" accept="image/jpeg,image/png,image/webp" onChange={(event) => draft.set({ photo: event.currentTarget.files?.[0] ?? null })} />
        {(value.missing === 'photo' || draft.errorAt('photo')) && (
          <small class="field__e" data-tone="bad">
            {tc('paper.missing.photo')}
          </small>
        )}
      </div>
      <AreaField label={tc('paper.reason')} hint={tc('paper.reason.hint')} rows={2} most={500} value={value.why} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
