import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { formById, formOfAsset, nameOfTarget } from '../../state/places';
import { order } from '../../state/orders';
import { Empty } from '../../ui/Empty';
import { Screen } from '../../ui/Screen';
import { Filling, type Subject } from './Filling';
import { href, type Route } from '../route';

/** The checklist of an order, or the readings of an asset outside of a round. */
export function AssetForm({ to }: { to: Extract<Route, { name: 'orderform' | 'assetform' }> }) {
  const found = to.name === 'orderform' ? ofOrder(to.order) : ofAsset(to.asset, to.scan);
  if (!found) {
    return (
      <Screen title={t('kind.answers')} back={to.name === 'orderform' ? href({ name: 'order', order: to.order }) : href({ name: 'assets' })}>
        <Empty icon="log" title={t('form.gone')}>
          {t('wo.missing.why')}
        </Empty>
      </Screen>
    );
  }
  return <Filling key={found.subject.name} {...found} />;
}

type Found = { subject: Subject; form: NonNullable<ReturnType<typeof formById>> } | null;

function ofOrder(id: string): Found {
  const view = order(id).value;
  const form = view?.form ? formById(view.form) : null;
  if (!view || !form) return null;
  const name = view.target && nameOfTarget(view.target);
  const arrival = view.own.findLast((event) => event.type === 'order.arrive');
  const scan = arrival?.type === 'order.arrive' ? arrival.p.scan : null;
  const subject = { name: `order ${id} form`, place: name ? say(name) : t('wo.form'), target: view.target, occurrence: null, stop: null, scan };
  return { form, subject: { ...subject, back: href({ name: 'order', order: id }), onward: { name: 'order', order: id } } };
}

function ofAsset(id: string, scan: string | null): Found {
  const form = formOfAsset(id);
  const target = { kind: 'asset' as const, id };
  const name = nameOfTarget(target);
  if (!form || !name) return null;
  const subject = { name: `asset ${id} form`, place: say(name), target, occurrence: null, stop: null, scan };
  return { form, subject: { ...subject, back: href({ name: 'asset', asset: id, scan }) } };
}
