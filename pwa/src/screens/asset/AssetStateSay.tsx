import { useId, useState } from 'preact/hooks';
import { setAssetState } from '../../actions/setAssetState';
import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { feedback } from '../../shell/feedback';
import { now } from '../../state/app';
import { asset } from '../../state/assets';
import { sound } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Answers, Picks } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Photos } from '../../ui/Photos';
import { Note } from '../../ui/Saved';
import { Dock, Screen } from '../../ui/Screen';
import { useDraft } from '../draft';
import { href, replace, type Route } from '../route';
import { clock, problemText } from '../words';

type Said = 'running' | 'stopped' | 'standby';
type Told = { state: Said | null; since: 'now' | 'hour' | 'hours4' | 'unknown'; note: string };
const EMPTY: Told = { state: null, since: 'now', note: '' };
const HOUR_MS = 3_600_000;
const AGO_MS = { now: 0, hour: HOUR_MS, hours4: 4 * HOUR_MS };
const MAX_PHOTOS = 5;

/** That an asset stands still or runs again, and since when: its down time is counted from this. */
export function AssetStateSay({ to }: { to: Extract<Route, { name: 'assetstate' }> }) {
  const view = asset(to.asset).value;
  const draft = useDraft<Told>(`state ${to.asset}`, EMPTY);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const ids = { state: useId(), since: useId(), photos: useId(), note: useId() };
  const back = href({ name: 'asset', asset: to.asset, scan: to.scan });
  if (!view) {
    return (
      <Screen title={t('card.title')} back={href({ name: 'assets' })}>
        <Empty icon="box" title={t('card.missing')}>
          {t('card.missing.why')}
        </Empty>
      </Screen>
    );
  }
  if (draft.values === null) return null;
  const { state, since, note } = draft.values;

  const save = async (said: Said): Promise<void> => {
    setBusy(true);
    setTrouble(null);
    try {
      await setAssetState({
        asset: to.asset,
        state: said,
        since: since === 'unknown' ? null : now.value - AGO_MS[since],
        note: note.trim() === '' ? null : note,
        photos: draft.photos.map(({ bytes, mime }) => ({ field: null, bytes, mime })),
        scan: to.scan,
      });
      await draft.drop();
      feedback(said === 'stopped' ? 'fault' : 'saved', sound.value);
      replace({ name: 'asset', asset: to.asset, scan: to.scan });
    } catch (error) {
      feedback('failed', sound.value);
      setTrouble(problemText(error));
      setBusy(false);
    }
  };

  return (
    <Screen
      small
      title={t('card.state.title')}
      sub={`${view.body.number} · ${say(view.body.name)}`}
      back={back}
      dock={
        <Dock plain>
          {trouble !== null && (
            <Note tone="bad" icon="rc-attention" live>
              {trouble}
            </Note>
          )}
          {state === null ? (
            <Button kind="todo" icon="down" onPress={() => document.getElementById('state')?.focus()}>
              {t('card.state.need')}
            </Button>
          ) : (
            <Button kind="main" icon="check" busy={busy} onPress={() => void save(state)}>
              {t(busy ? 'form.saving' : 'wo.save')}
            </Button>
          )}
        </Dock>
      }
    >
      <Field questionId={ids.state} question={t('card.state.ask')} anchor="state">
        <Picks
          labelledBy={ids.state}
          chosen={state}
          onChoose={(next) => draft.change((told) => ({ ...told, state: next }))}
          choices={[
            { value: 'stopped', icon: 'st-missed', word: t('card.state.stopped') },
            { value: 'running', icon: 'st-done', word: t('card.state.running') },
            { value: 'standby', icon: 'st-upcoming', word: t('card.state.standby') },
          ]}
        />
      </Field>
      <Field questionId={ids.since} question={t('card.since.ask')}>
        <div class="two">
          <Answers
            labelledBy={ids.since}
            chosen={since}
            onChoose={(next) => draft.change((told) => ({ ...told, since: next }))}
            choices={(['now', 'hour', 'hours4', 'unknown'] as const).map((value) => ({ value, word: t(`card.since.${value}`) }))}
          />
        </div>
      </Field>
      <Field questionId={ids.photos} question={t('wo.photos')} aside={t('form.photo.any', { m: draft.photos.length })} anchor="photos">
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
      <Field questionId={`${ids.note}q`} htmlFor={ids.note} question={t('wo.words')} aside={t('form.optional')}>
        <textarea
          id={ids.note}
          rows={2}
          maxLength={2000}
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
