import { actOnOrder } from '../../actions/orderActs';
import { langOf } from '../../i18n/label';
import { t } from '../../i18n/t';
import { feedback } from '../../shell/feedback';
import { person } from '../../state/app';
import { log } from '../../state/log';
import { actsOf, isOver, order, pressing, type Act, type OrderView } from '../../state/orders';
import { sound } from '../../state/prefs';
import { parts } from '../../state/stock';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import { Row } from '../../ui/Row';
import { Note } from '../../ui/Saved';
import { Dock, Screen, Section } from '../../ui/Screen';
import { Chip, recordLooks, StateWord } from '../../ui/State';
import { TroubleNote, useKeeping } from '../keeping';
import { href, type Route } from '../route';
import { textOr, when } from '../words';
import { eventWords } from './events';
import { AskedPhotos } from './AskedPhotos';
import { Due, Sent } from './OrderCard';
import { clashOf, classIcon, dueOf, inCharge, orderLooks, orderNumber, orderTitle, placeWords, spotWords } from './words';

const ICONS: Record<Act, IconName> = {
  accept: 'check',
  arrive: 'scan',
  complete: 'check',
  resume: 'next',
  leave: 'scan',
  verify: 'check',
  follow: 'call',
  form: 'list',
  return: 'back',
  pass: 'users',
  pause: 'clock',
  note: 'camera',
  labour: 'gauge',
  sign: 'pen',
  set: 'swap',
};

/** One order: what is to be done, the one act that comes next, and what else can be done. */
export function Order({ to }: { to: Extract<Route, { name: 'order' }> }) {
  const view = order(to.order).value;
  const back = href({ name: 'orders' });
  if (!view) {
    return (
      <Screen title={t('wo.title')} back={back}>
        <Empty icon="order" title={t('wo.missing')} act={<Button href={back}>{t('wo.title')}</Button>}>
          {t('wo.missing.why')}
        </Empty>
      </Screen>
    );
  }
  return <Shown view={view} back={back} />;
}

function Shown({ view, back }: { view: OrderView; back: string }) {
  const keeping = useKeeping();
  const { main, others } = actsOf(view, person.value);
  const look = orderLooks[view.state];
  const due = isOver(view) || view.state === 'paused' ? null : dueOf(view, pressing(view));
  const urgent = !isOver(view) && (view.urgency === 'urgent' || due?.pressing === true);
  const clash = clashOf(view);

  /** What needs no answer is kept at one press. */
  const press = (type: 'order.accept' | 'order.resume'): void => {
    keeping.keep(async () => {
      await actOnOrder(view.id, type, {});
      feedback('saved', sound.value);
    });
  };

  return (
    <Screen
      small
      title={<span lang={view.title ? langOf(view.title) : undefined}>{orderTitle(view)}</span>}
      sub={
        <span class="num">
          {orderNumber(view)} · {t(`wo.kind.${view.kind}`)}
        </span>
      }
      back={back}
      dock={
        <Dock plain>
          <TroubleNote>{keeping.trouble}</TroubleNote>
          <Main view={view} main={main} busy={keeping.busy} press={press} />
        </Dock>
      }
    >
      <section class={urgent ? 'wo wo--bad' : 'wo'}>
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
          <Sent view={view} />
        </div>
        {due && <Due due={due} />}
        {view.state === 'paused' && <Rests view={view} />}
        {view.note !== null && view.note !== '' && <p class="wo__note">{view.note}</p>}
      </section>
      {clash !== null && (
        <Note tone="warn" icon="rc-marked">
          {clash}
        </Note>
      )}
      {view.asks_signature && !view.signed && !isOver(view) && (
        <Note tone="calm" icon="pen">
          {t('wo.sign.asked')}
        </Note>
      )}
      <AskedPhotos view={view} />
      <Where view={view} />
      <dl class="facts2">
        <dt>{t('wo.who')}</dt>
        <dd>{inCharge(view)}</dd>
        <dt>{t('wo.from')}</dt>
        <dd>{[t(`wo.from.${view.source.kind}`), view.source.name ?? ''].filter(Boolean).join(' · ')}</dd>
        <dt>{t('wo.opened')}</dt>
        <dd class="num">{when(view.opened_ms)}</dd>
        <dt>{t('wo.class')}</dt>
        <dd class="withicon">
          <Icon name={classIcon(view.class)} />
          {t(`wo.class.${view.class}`)}
        </dd>
      </dl>
      {others.length > 0 && (
        <>
          <Section title={t('wo.others')} fact={view.labour > 0 ? t('wo.minutes.so', { n: view.labour }) : undefined} />
          <div class="actgrid">
            {others.map((act) => (
              <Button key={act} icon={ICONS[act]} href={hrefOf(view, act)}>
                {wordOf(act)}
              </Button>
            ))}
            {parts.value.length > 0 && (
              <Button icon="box" href={href({ name: 'parts', order: view.id })}>
                {t('stock.parts')}
              </Button>
            )}
          </div>
        </>
      )}
      <History view={view} />
    </Screen>
  );
}

function Rests({ view }: { view: OrderView }) {
  const { paused } = view;
  return (
    <p>
      {paused ? `${textOr(`wo.pause.${paused.reason}`, 'wo.pause.other')} · ` : ''}
      {paused?.until_ms ? t('wo.rests.until', { time: when(paused.until_ms) }) : t('wo.due.rests')}
    </p>
  );
}

/** Where it is: the way to the asset's card, or the place in words. */
function Where({ view }: { view: OrderView }) {
  const words = placeWords(view);
  if (view.target?.kind === 'asset') {
    return (
      <ul class="rows">
        <Row href={href({ name: 'asset', asset: view.target.id, scan: null })} title={words === '' ? t('card.title') : words}>
          <span class="meta">{[spotWords({ target: view.target, place: null }), t('card.open')].filter(Boolean).join(' · ')}</span>
        </Row>
      </ul>
    );
  }
  if (words === '') return null;
  return (
    <div class="where">
      <Icon name="pin" />
      <span class="row__b">
        <strong>{words}</strong>
      </span>
    </div>
  );
}

type MainProps = { view: OrderView; main: Act | null; busy: boolean; press: (type: 'order.accept' | 'order.resume') => void };

/** The one act; where none is left to this person, what it waits for. */
function Main({ view, main, busy, press }: MainProps) {
  if (main === null) return <p class="dock__say">{waitsFor(view)}</p>;
  const place = placeWords(view);
  if (main === 'accept' || main === 'resume') {
    return (
      <Button kind="main" icon={ICONS[main]} busy={busy} object={place === '' ? undefined : place} onPress={() => press(main === 'accept' ? 'order.accept' : 'order.resume')}>
        {wordOf(main)}
      </Button>
    );
  }
  const object = main === 'arrive' || main === 'leave' ? (view.target && place !== '' ? t('wo.arrive.scan', { name: place }) : t('wo.arrive.any')) : orderNumber(view);
  return (
    <Button kind="main" icon={ICONS[main]} object={object} href={hrefOf(view, main)}>
      {wordOf(main)}
    </Button>
  );
}

function waitsFor(view: OrderView): string {
  if (view.state === 'open') return t('wo.next.open');
  if (view.state === 'done') return t('wo.next.done');
  if (view.state === 'verified') return t('wo.next.verified');
  if (view.state === 'closed') return t('wo.next.closed');
  if (view.state === 'cancelled') return t('wo.next.cancelled');
  return t('wo.next.others', { name: inCharge(view) });
}

function wordOf(act: Act): string {
  if (act === 'complete') return t('wo.done');
  if (act === 'verify') return t('wo.check');
  return t(`wo.${act}`);
}

function hrefOf(view: OrderView, act: Act): string {
  if (act === 'arrive' || act === 'leave') return href({ name: 'arrive', order: view.id, leaving: act === 'leave' });
  if (act === 'form') return href({ name: 'orderform', order: view.id });
  return href({ name: 'act', order: view.id, act });
}

/** What this phone recorded of it, the last first, each with where it is. */
function History({ view }: { view: OrderView }) {
  if (view.own.length === 0) return null;
  return (
    <>
      <Section title={t('wo.history')} />
      <ul class="rows">
        {[...view.own].toReversed().map((event) => {
          const entry = log.value.find((each) => each.hash === event.entry.row.hash);
          const note = event.entry.row.private['note']?.value;
          const look = recordLooks[entry?.state ?? (event.entry.row.unsent === undefined ? 'received' : 'saved')];
          const inside = (
            <>
              <StateWord look={look} />
              {note !== undefined && <span class="meta">{note}</span>}
            </>
          );
          return entry ? (
            <Row key={event.entry.row.hash} href={href({ name: 'record', seq: entry.seq })} time={when(event.at)} title={eventWords(event)}>
              {inside}
            </Row>
          ) : (
            <li key={event.entry.row.hash} class="row">
              <span class="row__time num">{when(event.at)}</span>
              <span class="row__b">
                <strong>{eventWords(event)}</strong>
                {inside}
              </span>
            </li>
          );
        })}
      </ul>
    </>
  );
}
