import { useId, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { useThings } from '../../parts/things';
import type { Asset, Checkpoint, Place } from '../../types';

type Chosen = { kind: 'checkpoint' | 'asset'; id: string } | null;

/** A place by a few letters of its number or name: a list that the browser itself searches. */
export function PlaceField({ siteId, was, onChoose }: { siteId: string; was?: Place | null; onChoose: (place: Chosen) => void }) {
  const id = useId();
  const checkpoints = useThings<Checkpoint>(siteId, 'checkpoints').value ?? [];
  const assets = useThings<Asset>(siteId, 'assets').value ?? [];
  const places = [
    ...assets.map((one) => ({ kind: 'asset' as const, one })),
    ...checkpoints.map((one) => ({ kind: 'checkpoint' as const, one })),
  ].filter(({ one }) => !one.retired);
  const word = (one: { number: string; name: Place['name'] }) => `${one.number} ${say(one.name)}`;
  const [text, setText] = useState(was ? word(was) : '');
  const found = places.find(({ one }) => word(one) === text);
  return (
    <div class="field">
      <label for={id}>
        {tc('desk.thing')} <small>{tc('field.optional')}</small>
      </label>
      <input
        id={id}
        class="input"
        list={`${id}l`}
        autocomplete="off"
        value={text}
        aria-invalid={text !== '' && !found ? true : undefined}
        aria-describedby={`${id}h`}
        onInput={(event) => {
          const typed = event.currentTarget.value;
          setText(typed);
          const hit = places.find(({ one }) => word(one) === typed);
          onChoose(hit ? { kind: hit.kind, id: hit.one.id } : null);
        }}
      />
      <datalist id={`${id}l`}>
        {places.map(({ one }) => (
          <option key={one.id} value={word(one)}>
            {word(one)}
          </option>
        ))}
      </datalist>
      <small id={`${id}h`} class="field__h">
        {text !== '' && !found ? tc('desk.thing.none') : tc('desk.thing.hint')}
      </small>
    </div>
  );
}
