import { useId } from 'preact/hooks';
import { setAssetState } from '../../actions/setAssetState';
import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { feedback } from '../../shell/feedback';
import { now } from '../../state/app';
import { asset } from '../../state/assets';
import { sound } from '../../state/prefs';
import { Answers, Picks } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Screen } from '../../ui/Screen';
import { useDraft } from '../draft';
import { KeepDock, kept, NoteField, PhotosField, useKeeping } from '../keeping';
import { href, replace, type Route } from '../route';

type Said = 'running' | 'stopped' | 'standby';
type Told = { state: Said | null; since: 'now' | 'hour' | 'hours4' | 'unknown'; note: string };
const EMPTY: Told = { state: null, since: 'now', note: '' };
const HOUR_MS = 3_600_000;
const AGO_MS = { now: 0, hour: HOUR_MS, hours4: 4 * HOUR_MS };

/** That an asset stands still or runs again, and since when: its down time is counted from this. */
export function AssetStateSay({ to }: { to: Extract<Route, { name: 'assetstate' }> }) {
  const view = asset(to.asset).value;
  const draft = useDraft<Told>(`state ${to.asset}`, EMPTY);
  const keeping = useKeeping();
  const ids = { state: useId(), since: useId() };
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

  const save = async (): Promise<void> => {
    if (state === null) return;
    await setAssetState({
      asset: to.asset,
      state,
      since: since === 'unknown' ? null : now.value - AGO_MS[since],
      ...kept(draft, note),
      scan: to.scan,
    });
    await draft.drop();
    feedback(state === 'stopped' ? 'fault' : 'saved', sound.value);
    replace({ name: 'asset', asset: to.asset, scan: to.scan });
  };

  return (
    <Screen
      small
      title={t('card.state.title')}
      sub={`${view.body.number} · ${say(view.body.name)}`}
      back={back}
      dock={<KeepDock keeping={keeping} lack={state === null ? { anchor: 'state', word: t('card.state.need') } : null} word={t('wo.save')} onKeep={() => keeping.keep(save)} />}
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
      <PhotosField draft={draft} question={t('wo.photos')} />
      <NoteField question={t('wo.words')} note={note} onNote={(text) => draft.change((told) => ({ ...told, note: text }))} />
    </Screen>
  );
}
