import { useEffect, useId } from 'preact/hooks';
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
import { Screen } from '../../ui/Screen';
import { useDraft } from '../draft';
import { KeepDock, kept, NoteField, PhotosField, useKeeping } from '../keeping';
import { useMarking } from '../marking';
import { href, replace, type Route } from '../route';
import { lastSaved } from '../saved/last';
import { lastPlace } from '../scan/last';
import { clock, roundName, stopName } from '../words';

type Told = { kind: FindingKind | null; urgency: Urgency; note: string };

const EMPTY: Told = { kind: null, urgency: 'normal', note: '' };
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
  const keeping = useKeeping();
  const marking = useMarking(draft);
  const ids = { where: useId(), what: useId(), how: useId() };
  useEffect(() => {
    if (agreed.value) seekPlace();
  }, []);
  if (draft.values === null) return null;
  if (marking.page) return marking.page;
  const { kind, urgency, note } = draft.values;
  const bare = draft.photos.length === 0 && note.trim() === '';
  const lack = kind === null ? { anchor: 'what', word: t('find.need') } : bare ? { anchor: 'photos', word: t('find.need.content') } : null;

  const save = async (): Promise<void> => {
    if (kind === null) return;
    const saved = await reportFinding({
      occurrence: where?.occurrence ?? null,
      stop: where?.stop ?? null,
      target: where?.target ?? null,
      urgency,
      kind,
      ...kept(draft, note),
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
  };

  return (
    <Screen
      title={t('find.title')}
      back={backOf(to)}
      dock={<KeepDock keeping={keeping} lack={lack} word={t('find.save')} onKeep={() => keeping.keep(save)} />}
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
      <PhotosField draft={draft} question={t('find.photos')} place={where?.name ?? ''} onMark={marking.onMark} />
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
      <NoteField question={t('find.note')} note={note} onNote={(text) => draft.change((told) => ({ ...told, note: text }))} />
    </Screen>
  );
}

function backOf(to: To): string {
  if (to.name === 'findingat') return to.target.kind === 'asset' ? href({ name: 'asset', asset: to.target.id, scan: null }) : href({ name: 'today' });
  return to.occurrence === null ? href({ name: 'today' }) : href({ name: 'round', occurrence: to.occurrence });
}
