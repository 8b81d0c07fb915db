import { useId } from 'preact/hooks';
import { skipStop } from '../../actions/skipStop';
import { t } from '../../i18n/t';
import type { SkipReason } from '../../protocol/records';
import { feedback } from '../../shell/feedback';
import { sound } from '../../state/prefs';
import { round } from '../../state/today';
import { Picks } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { Note } from '../../ui/Saved';
import { Screen } from '../../ui/Screen';
import { useDraft } from '../draft';
import { KeepDock, kept, NoteField, PhotosField, useKeeping } from '../keeping';
import { href, replace, type Route } from '../route';
import { roundName, stopName, type StopView } from '../words';

type Told = { reason: SkipReason | null; note: string };

const EMPTY: Told = { reason: null, note: '' };

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
  const keeping = useKeeping();
  const id = useId();
  if (draft.values === null) return null;
  const { reason, note } = draft.values;
  const bare = reason === 'other' && note.trim() === '' && draft.photos.length === 0;
  const lack = reason === null ? { anchor: 'why', word: t('skip.need') } : bare ? { anchor: 'photos', word: t('skip.need.more') } : null;

  const save = async (): Promise<void> => {
    if (reason === null) return;
    await skipStop({ occurrence, stop: stop.id, target: stop.target, reason, ...kept(draft, note) });
    await draft.drop();
    feedback('saved', sound.value);
    replace({ name: 'round', occurrence });
  };

  return (
    <Screen
      title={t('skip.title')}
      back={back}
      dock={<KeepDock keeping={keeping} lack={lack} word={t('skip.save')} onKeep={() => keeping.keep(save)} />}
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
      <Field questionId={id} question={t('skip.reason')} anchor="why">
        <Picks
          labelledBy={id}
          chosen={reason}
          onChoose={(next) => draft.change((told) => ({ ...told, reason: next }))}
          choices={REASONS.map(([value, icon]) => ({ value, icon, word: t(`skip.${value}`) }))}
        />
      </Field>
      <PhotosField draft={draft} question={t('skip.photo')} />
      <NoteField question={t('skip.note')} note={note} onNote={(text) => draft.change((told) => ({ ...told, note: text }))} />
    </Screen>
  );
}
