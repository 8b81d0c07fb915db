import { t } from '../../i18n/t';
import { langOf } from '../../i18n/label';
import { now } from '../../state/app';
import { isOver, pressing, type OrderView } from '../../state/orders';
import { Icon } from '../../ui/Icon';
import { Chip, recordLooks, StateWord } from '../../ui/State';
import { href } from '../route';
import { classIcon, clashOf, dueOf, inCharge, orderLooks, orderNumber, orderTitle, spotWords, type DueView } from './words';

/** One order of a list: what, where, by when, and whether what was done to it is with the server. */
export function OrderCard({ view, whose = false }: { view: OrderView; whose?: boolean }) {
  const look = orderLooks[view.state];
  const due = isOver(view) || view.state === 'paused' ? null : dueOf(view, pressing(view));
  const urgent = !isOver(view) && (view.urgency === 'urgent' || due?.pressing === true);
  const spot = spotWords(view);
  return (
    <li>
      <a class={urgent ? 'wo wo--bad' : 'wo'} href={href({ name: 'order', order: view.id })}>
        <div class="wo__top">
          <Chip tone={look.tone} icon={look.icon}>
            {t(look.word)}
          </Chip>
          {view.urgency === 'urgent' && !isOver(view) && (
            <strong class="wo__urgent">
              <Icon name="rc-attention" />
              {t('wo.urgent')}
            </strong>
          )}
          <span class="num">{[orderNumber(view), view.source.name ?? ''].filter(Boolean).join(' · ')}</span>
        </div>
        <h3 lang={view.title ? langOf(view.title) : undefined}>
          <Icon name={classIcon(view.class)} /> {orderTitle(view)}
        </h3>
        {spot !== '' && <p>{spot}</p>}
        {view.state === 'paused' && <p>{t('wo.due.rests')}</p>}
        {due && <Due due={due} />}
        <div class="wo__bot">
          {whose && <span>{inCharge(view)}</span>}
          <Sent view={view} />
        </div>
        {clashOf(view) !== null && (
          <p class="wo__clash">
            <Icon name="rc-marked" /> {clashOf(view)}
          </p>
        )}
      </a>
    </li>
  );
}

/** The deadline: words, what is left, and the bar. */
export function Due({ due }: { due: DueView }) {
  void now.value;
  return (
    <>
      <div class="wo__top">
        <span>{due.words}</span>
        <strong class="wo__left" data-tone={due.tone}>
          {due.left}
        </strong>
      </div>
      <div class="due" data-tone={due.tone} role="img" aria-label={t('wo.bar', { a: Math.round(due.gone * 100) })}>
        <i style={{ '--p': String(due.gone) }} />
      </div>
    </>
  );
}

/** Whether what this phone recorded of it is on this phone only, or received; nothing where it recorded nothing. */
export function Sent({ view }: { view: OrderView }) {
  if (view.own.length === 0) return null;
  return view.unsent > 0 ? (
    <StateWord look={recordLooks.saved}>{t('wo.unsent', { n: view.unsent })}</StateWord>
  ) : (
    <StateWord look={recordLooks.received} />
  );
}
