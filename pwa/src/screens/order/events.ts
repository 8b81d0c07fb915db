/** What an act on an order is called once it was done. */
import { t } from '../../i18n/t';
import type { OwnAct } from '../../state/orders';
import { personName } from './words';

export function eventWords(event: OwnAct): string {
  const photos = event.entry.body.blobs?.filter(({ role, of }) => role === 'photo' && of === undefined).length ?? 0;
  const words = wordsOf(event);
  return photos > 0 ? `${words} · ${t('wo.act.photos', { n: photos })}` : words;
}

function wordsOf(event: OwnAct): string {
  switch (event.type) {
    case 'order.open':
      return t('wo.act.open');
    case 'order.accept':
      return t('wo.act.accept');
    case 'order.return':
      return t('wo.act.return', { why: t(`wo.return.${event.p.reason}`) });
    case 'order.pass':
      return t('wo.act.pass', { name: personName(event.p.to) });
    case 'order.arrive':
      return t('wo.act.arrive');
    case 'order.leave':
      return t('wo.act.leave');
    case 'order.pause':
      return t('wo.act.pause', { why: t(`wo.pause.${event.p.reason}`) });
    case 'order.resume':
      return t('wo.act.resume');
    case 'order.note':
      return t('wo.act.note');
    case 'order.labour':
      return t('wo.act.labour', { n: event.p.minutes, m: event.p.people });
    case 'order.complete':
      return t('wo.act.complete', { why: t(`wo.result.${event.p.result}`) });
    case 'order.sign':
      return t(event.p.how === 'typed' ? 'wo.act.sign.typed' : 'wo.act.sign', { who: t(`wo.sign.${event.p.by}`) });
    case 'order.verify':
      return t(event.p.ok ? 'wo.act.verify.ok' : 'wo.act.verify.not');
    case 'order.follow':
      return t(event.p.satisfied ? 'wo.act.follow.ok' : 'wo.act.follow.not');
    case 'order.set':
      return t('wo.act.set');
  }
}
