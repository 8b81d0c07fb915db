import { useId, useState } from 'preact/hooks';
import { actOnOrder } from '../../actions/orderActs';
import { t } from '../../i18n/t';
import { ORDER_CLASSES, type OrderClass } from '../../protocol/entities';
import { feedback } from '../../shell/feedback';
import { person } from '../../state/app';
import { maySet, order, type OrderView } from '../../state/orders';
import { sound } from '../../state/prefs';
import { Picks } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Note } from '../../ui/Saved';
import { Dock, Screen } from '../../ui/Screen';
import { KeepDock, useKeeping } from '../keeping';
import { href, replace, type Route } from '../route';
import { classIcon, orderNumber, orderTitle } from './words';

const MOST_PLACE = 200;

/** What the field may change of an order: of which class it is, and where. */
export function OrderSet({ to }: { to: Extract<Route, { name: 'act' }> }) {
  const view = order(to.order).value;
  if (!view || !maySet(view, person.value)) {
    return (
      <Screen title={t('wo.set')} back={href({ name: 'orders' })}>
        <Empty icon="order" title={t(view ? 'wo.set.not' : 'wo.missing')}>
          {t(view ? 'wo.set.not.why' : 'wo.missing.why')}
        </Empty>
      </Screen>
    );
  }
  return <Asking key={view.id} view={view} />;
}

function Asking({ view }: { view: OrderView }) {
  const [cls, setClass] = useState<OrderClass>(view.class);
  const [place, setPlace] = useState(view.place ?? '');
  const keeping = useKeeping();
  const ids = { cls: useId(), place: useId() };
  const where = place.trim() === '' ? null : place.trim();
  const isSame = cls === view.class && where === view.place;

  const save = async (): Promise<void> => {
    if (cls !== view.class) await actOnOrder(view.id, 'order.set', { field: 'class', from: view.class, to: cls });
    if (where !== view.place) await actOnOrder(view.id, 'order.set', { field: 'place', from: view.place, to: where });
    feedback('saved', sound.value);
    replace({ name: 'order', order: view.id });
  };

  return (
    <Screen
      small
      title={t('wo.set')}
      sub={`${orderNumber(view)} · ${orderTitle(view)}`}
      back={href({ name: 'order', order: view.id })}
      dock={
        isSame ? (
          <Dock plain>
            <p class="dock__say">{t('wo.set.same')}</p>
          </Dock>
        ) : (
          <KeepDock keeping={keeping} lack={null} word={t('wo.save')} onKeep={() => keeping.keep(save)} />
        )
      }
    >
      <Field questionId={`${ids.place}q`} htmlFor={ids.place} question={t('wo.place')} aside={t('form.optional')}>
        <textarea id={ids.place} rows={2} maxLength={MOST_PLACE} value={place} onInput={(event) => setPlace(event.currentTarget.value)} />
      </Field>
      <Field questionId={ids.cls} question={t('wo.class')}>
        <Picks labelledBy={ids.cls} chosen={cls} onChoose={setClass} choices={ORDER_CLASSES.map((value) => ({ value, icon: classIcon(value), word: t(`wo.class.${value}`) }))} />
      </Field>
      <Note tone="calm" icon="users">
        {t('wo.set.office')}
      </Note>
    </Screen>
  );
}
