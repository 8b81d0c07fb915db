import { useId, useState } from 'preact/hooks';
import { skipStop } from '../../actions/skipStop';
import { t } from '../../i18n/t';
import type { SkipReason } from '../../protocol/records';
import { feedback } from '../../shell/feedback';
import { sound } from '../../state/prefs';
import { round } from '../../state/today';
import { Button } from '../../ui/Button';
import { Picks } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { Photos } from '../../ui/Photos';
import { Note } from '../../ui/Saved';
import { Dock, Screen } from '../../ui/Screen';
import { useDraft } from '../draft';
import { href, replace, type Route } from '../route';
import { clock, problemText, roundName, stopName, type StopView } from '../words';

type Told = { reason: SkipReason | null; note: string };

const EMPTY: Told = { reason: null, note: '' };
const MAX_PHOTOS = 5;
const MAX_NOTE = 2000;

const REASONS: readonly (readonly [SkipReason, IconName])[] = [
  ['locked', 'door'],
  ['blocked', 'st-missed'],
  ['works', 'order'],
  ['unsafe', 'rc-attention'],
  ['weather', 'drop'],
  ['other', 'more'],
];

/** Why a stop cannot be reached. It is kept as a record of its own; the stop stays undone until a supervisor accepts it. */
export function Skip({ to }: { to: Extract<Route, { name: 'skip' }> }) {
  const view = round(to.occurrence).value;
  const stop = view?.stops.find((each) => each.id === to.stop);
  const back = href({ name: 'round', occurrence: to.occurrence });
  if (!view || !stop) {
    return (
      <Screen title={t('skip.title')} back={back}>
        <Empty icon="route" title={t('round.missing')}>
          {t('round.missing.why')}
        </Empty>
      </Screen>
    );
  }
  return <Asking stop={stop} occurrence={to.occurrence} sub={roundName(view)} back={back} />;
}

type AskingProps = { stop: StopView; occurrence: string; sub: string; back: string };

function Asking({ stop, occurrence, sub, back }: AskingProps) {
  const draft = useDraft<Told>(`skip ${occurrence} ${stop.id}`, EMPTY);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const ids = { why: useId(), photos: useId(), note: useId() };
  if (draft.values === null) return null;
  const { reason, note } = draft.values;
  const lacks = reason === 'other' && note.trim() === '' && draft.photos.length === 0;

  const save = async (why: SkipReason): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      await skipStop({
        occurrence,
        stop: stop.id,
        target: stop.target,
        reason: why,
        note: note.trim() === '' ? null : note,
        photos: draft.photos.map(({ bytes, mime }) => ({ field: null, bytes, mime })),
      });
      await draft.drop();
      feedback('saved', sound.value);
      replace({ name: 'round', occurrence });
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
      title={t('skip.title')}
      back={back}
      dock={
        <Dock plain>
          {trouble !== null && (
            <Note tone="bad" icon="rc-attention" live>
              {trouble}
            </Note>
          )}
          {reason === null || lacks ? (
            <Button kind="todo" icon="down" onPress={() => lead(reason === null ? 'why' : 'photos')}>
              {t(reason === null ? 'skip.need' : 'skip.need.more')}
            </Button>
          ) : (
            <Button kind="main" icon="check" busy={busy} onPress={() => void save(reason)}>
              {t(busy ? 'form.saving' : 'skip.save')}
            </Button>
          )}
        </Dock>
      }
    >
      <div class="where">
        <Icon name="pin" />
        <span class="row__b">
          <strong>{stopName(stop)}</strong>
          <span class="meta">{sub}</span>
        </span>
      </div>
      <Note tone="calm" icon="st-partial">
        {t('skip.told')}
      </Note>
      <Field questionId={ids.why} question={t('skip.reason')} anchor="why">
        <Picks
          labelledBy={ids.why}
          chosen={reason}
          onChoose={(next) => draft.change((told) => ({ ...told, reason: next }))}
          choices={REASONS.map(([value, icon]) => ({ value, icon, word: t(`skip.${value}`) }))}
        />
      </Field>
      <Field questionId={ids.photos} question={t('skip.photo')} aside={t('form.photo.any', { m: draft.photos.length })} anchor="photos">
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
      <Field questionId={`${ids.note}q`} htmlFor={ids.note} question={t('skip.note')} aside={t('form.optional')}>
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
