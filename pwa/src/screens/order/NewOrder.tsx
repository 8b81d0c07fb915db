import { useId } from 'preact/hooks';
import { openOrder } from '../../actions/orderActs';
import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { ORDER_CLASSES, type OrderClass } from '../../protocol/entities';
import { feedback } from '../../shell/feedback';
import { now } from '../../state/app';
import { nameOfTarget } from '../../state/places';
import { sound } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Answers, Picks } from '../../ui/choices';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { DockRow, Screen } from '../../ui/Screen';
import { useDraft } from '../draft';
import { KeepDock, useKeeping } from '../keeping';
import { useMarking } from '../marking';
import { href, replace, type Route } from '../route';
import { lastPlace } from '../scan/last';
import { blobsOf, Evidence } from './Evidence';
import { classIcon } from './words';

type Told = { class: OrderClass | null; urgency: 'normal' | 'urgent'; note: string };
const EMPTY: Told = { class: null, urgency: 'normal', note: '' };
/** How long a scan says where a person stands, ms. */
const NEAR_MS = 10 * 60_000;

type How = 'given' | 'mine' | 'fixed';

/** A new order: for somebody else, for oneself, or one that was mended on the spot. */
export function NewOrder({ to }: { to: Extract<Route, { name: 'neworder' }> }) {
  const draft = useDraft<Told>(`neworder ${to.target?.id ?? ''}`, EMPTY);
  const keeping = useKeeping();
  const marking = useMarking(draft);
  const ids = { where: useId(), what: useId(), how: useId() };
  const near = lastPlace.value && now.value - lastPlace.value.at < NEAR_MS ? lastPlace.value.target : null;
  const target = to.target ?? near;
  const name = target && nameOfTarget(target);
  if (draft.values === null) return null;
  if (marking.page) return marking.page;
  const { class: cls, urgency, note } = draft.values;
  const isEmpty = draft.photos.length === 0 && note.trim() === '';

  const save = async (how: How): Promise<void> => {
    if (cls === null) return;
    const opened = await openOrder({
      target,
      class: cls,
      urgency,
      finding: to.finding,
      note: note.trim() === '' ? null : note,
      photos: blobsOf(draft.photos),
      mine: how !== 'given',
      result: how === 'fixed' ? 'fixed' : null,
    });
    await draft.drop();
    feedback('saved', sound.value);
    replace({ name: 'order', order: opened.order });
  };
  const lack = cls === null ? { anchor: 'what', word: t('wo.class.need') } : isEmpty ? { anchor: 'photos', word: t('wo.new.content') } : null;

  return (
    <Screen
      title={t('wo.new.title')}
      back={to.target?.kind === 'asset' ? href({ name: 'asset', asset: to.target.id, scan: null }) : href({ name: 'orders' })}
      dock={
        <KeepDock keeping={keeping} lack={lack} word={t('wo.new.save')} onKeep={() => keeping.keep(() => save('given'))}>
          <DockRow>
            <Button icon="hand" onPress={() => keeping.keep(() => save('mine'))}>
              {t('wo.new.mine')}
            </Button>
            <Button icon="check" onPress={() => keeping.keep(() => save('fixed'))}>
              {t('wo.new.fixed')}
            </Button>
          </DockRow>
        </KeepDock>
      }
    >
      <Field questionId={ids.where} question={t('wo.new.where')}>
        <div class="where">
          <Icon name="pin" />
          <span class="row__b">
            <strong>{name ? say(name) : t('find.where.none')}</strong>
          </span>
          {!target && (
            <Button href={href({ name: 'scan', occurrence: null, stop: null })} icon="scan">
              {t('find.where.scan')}
            </Button>
          )}
        </div>
      </Field>
      <Field questionId={ids.what} question={t('wo.class')} anchor="what">
        <Picks
          labelledBy={ids.what}
          chosen={cls}
          onChoose={(next) => draft.change((told) => ({ ...told, class: next }))}
          choices={ORDER_CLASSES.map((value) => ({ value, icon: classIcon(value), word: t(`wo.class.${value}`) }))}
        />
      </Field>
      <Evidence draft={draft} place={name ? say(name) : ''} onMark={marking.onMark} note={note} onNote={(text) => draft.change((told) => ({ ...told, note: text }))} />
      <Field questionId={ids.how} question={t('find.how')}>
        <Answers
          labelledBy={ids.how}
          chosen={urgency}
          onChoose={(next) => draft.change((told) => ({ ...told, urgency: next }))}
          choices={[
            { value: 'normal', word: t('find.normal') },
            { value: 'urgent', word: t('find.urgent'), tone: 'bad' },
          ]}
        />
      </Field>
    </Screen>
  );
}
