import { useEffect, useId, useState } from 'preact/hooks';
import { reportFinding } from '../../actions/reportFinding';
import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import type { FindingKind, Urgency } from '../../protocol/records';
import type { TargetRef } from '../../protocol/entities';
import { feedback } from '../../shell/feedback';
import { placeNow, seekPlace } from '../../shell/place';
import { now } from '../../state/app';
import { agreed } from '../../state/consent';
import { nameOfTarget } from '../../state/places';
import { sound } from '../../state/prefs';
import { round } from '../../state/today';
import { Button } from '../../ui/Button';
import { Answers, Picks } from '../../ui/choices';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { Photos } from '../../ui/Photos';
import { Note } from '../../ui/Saved';
import { Dock, Screen } from '../../ui/Screen';
import { useDraft } from '../draft';
import { href, replace, type Route } from '../route';
import { lastSaved } from '../saved/last';
import { lastPlace } from '../scan/last';
import { clock, problemText, roundName, stopName } from '../words';

type Told = { kind: FindingKind | null; urgency: Urgency; note: string };

const EMPTY: Told = { kind: null, urgency: 'normal', note: '' };
const MAX_PHOTOS = 5;
const MAX_NOTE = 2000;
/** How long a scan says where a person stands, ms. */
const NEAR_MS = 10 * 60_000;

const KINDS: readonly (readonly [FindingKind, IconName])[] = [
  ['damage', 'order'],
  ['hazard', 'rc-attention'],
  ['dirt', 'bin'],
  ['blocked', 'door'],
  ['other', 'more'],
];

/** Where the person stands, as far as it is known. */
type Where = { occurrence: string | null; stop: string | null; target: TargetRef | null; name: string; sub: string };

type To = Extract<Route, { name: 'finding' | 'findingat' }>;

function useWhere(to: To): Where | null {
  if (to.name === 'findingat') {
    const name = nameOfTarget(to.target);
    return name && { occurrence: null, stop: null, target: to.target, name: say(name), sub: '' };
  }
  const view = to.occurrence === null ? null : round(to.occurrence).value;
  const stop = view?.stops.find((each) => each.id === to.stop);
  if (view && stop) return { occurrence: view.occurrence, stop: stop.id, target: stop.target, name: stopName(stop), sub: roundName(view) };
  const place = lastPlace.value;
  if (to.stop === null && place && now.value - place.at < NEAR_MS) {
    const sub = clock(place.at);
    return { occurrence: to.occurrence, stop: null, target: place.target, name: `${place.number} ${say(place.name)}`, sub };
  }
  return null;
}

/** Report something that is wrong, wherever it is. */
export function Finding({ to }: { to: To }) {
  const occurrence = to.name === 'finding' ? to.occurrence : null;
  const where = useWhere(to);
  const draft = useDraft<Told>('finding', EMPTY);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const ids = { where: useId(), photos: useId(), what: useId(), how: useId(), note: useId() };
  useEffect(() => {
    if (agreed.value) seekPlace();
  }, []);
  if (draft.values === null) return null;
  const { kind, urgency, note } = draft.values;
  const empty = draft.photos.length === 0 && note.trim() === '';

  const save = async (what: FindingKind): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      const saved = await reportFinding({
        occurrence: where?.occurrence ?? null,
        stop: where?.stop ?? null,
        target: where?.target ?? null,
        urgency,
        kind: what,
        note: note.trim() === '' ? null : note,
        photos: draft.photos.map(({ bytes, mime }) => ({ field: null, bytes, mime })),
        ...(agreed.value ? { fix: placeNow() } : {}),
      });
      await draft.drop();
      feedback('fault', sound.value);
      lastSaved.value = {
        seq: saved.seq,
        place: where?.name ?? t('kind.finding'),
        at: now.value,
        occurrence: where?.occurrence ?? null,
        fault: true,
        photosKept: saved.photosKept,
        finding: { hash: saved.hash, target: where?.target ?? null, urgency },
      };
      replace({ name: 'saved', seq: saved.seq });
    } catch (error) {
      feedback('failed', sound.value);
      setTrouble(problemText(error));
      setBusy(false);
    }
  };

  const lead = (id: string): void => {
    const section = document.getElementById(id);
    section?.scrollIntoView({ block: 'center' });
    section?.focus({ preventScroll: true });
  };

  return (
    <Screen
      title={t('find.title')}
      back={backOf(to)}
      dock={
        <Dock plain>
          {trouble !== null && (
            <Note tone="bad" icon="rc-attention" live>
              {trouble}
            </Note>
          )}
          {kind === null ? (
            <Button kind="todo" icon="down" onPress={() => lead('what')}>
              {t('find.need')}
            </Button>
          ) : empty ? (
            <Button kind="todo" icon="down" onPress={() => lead('photos')}>
              {t('find.need.content')}
            </Button>
          ) : (
            <Button kind="main" icon="check" busy={busy} onPress={() => void save(kind)}>
              {t(busy ? 'form.saving' : 'find.save')}
            </Button>
          )}
        </Dock>
      }
    >
      <Field questionId={ids.where} question={t('find.where')}>
        <div class="where">
          <Icon name="pin" />
          <span class="row__b">
            <strong>{where?.name ?? t('find.where.none')}</strong>
            {where && <span class="meta">{where.sub}</span>}
          </span>
          {!where && (
            <Button href={href({ name: 'scan', occurrence, stop: null })} icon="scan">
              {t('find.where.scan')}
            </Button>
          )}
        </div>
      </Field>
      <Field questionId={ids.photos} question={t('find.photos')} aside={t('form.photo.any', { m: draft.photos.length })} anchor="photos">
        <Photos
          photos={draft.photos.map((photo) => ({ key: photo.key, url: photo.url, time: clock(photo.at) }))}
          max={MAX_PHOTOS}
          onAdd={(file) => draft.addPhoto(null, file)}
          onDrop={draft.dropPhoto}
        />
        {draft.badPhoto === null && (
          <Note tone="warn" icon="camera" live>
            {t('form.photo.bad')}
          </Note>
        )}
      </Field>
      <Field questionId={ids.what} question={t('find.what')} anchor="what">
        <Picks
          labelledBy={ids.what}
          chosen={kind}
          onChoose={(next) => draft.change((told) => ({ ...told, kind: next }))}
          choices={KINDS.map(([value, icon]) => ({ value, icon, word: t(`find.${value}`) }))}
        />
      </Field>
      <Field questionId={ids.how} question={t('find.how')}>
        <Answers<Urgency>
          labelledBy={ids.how}
          chosen={urgency}
          onChoose={(next) => draft.change((told) => ({ ...told, urgency: next }))}
          choices={[
            { value: 'normal', word: t('find.normal') },
            { value: 'urgent', word: t('find.urgent'), tone: 'bad' },
          ]}
        />
      </Field>
      <Field questionId={`${ids.note}q`} htmlFor={ids.note} question={t('find.note')} aside={t('form.optional')}>
        <textarea
          id={ids.note}
          rows={2}
          maxLength={MAX_NOTE}
          value={note}
          onInput={(event) => {
            const text = event.currentTarget.value;
            draft.change((told) => ({ ...told, note: text }));
          }}
        />
      </Field>
    </Screen>
  );
}

function backOf(to: To): string {
  if (to.name === 'findingat') return to.target.kind === 'asset' ? href({ name: 'asset', asset: to.target.id, scan: null }) : href({ name: 'today' });
  return to.occurrence === null ? href({ name: 'today' }) : href({ name: 'round', occurrence: to.occurrence });
}
