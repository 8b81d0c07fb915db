import { useState } from 'preact/hooks';
import { actOnOrder } from '../../actions/orderActs';
import { langOf, say } from '../../i18n/label';
import { t, type TextKey } from '../../i18n/t';
import { level } from '../../protocol/forms';
import type { AssetState, MeterBody } from '../../protocol/entities';
import { feedback } from '../../shell/feedback';
import { person } from '../../state/app';
import { asset, type AssetView } from '../../state/assets';
import { log } from '../../state/log';
import { actsOf, ordersOf, shareOf, type OrderView } from '../../state/orders';
import { sound } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Row } from '../../ui/Row';
import { Note } from '../../ui/Saved';
import { Dock, DockRow, Screen, Section } from '../../ui/Screen';
import { Chip, StateWord, type StateLook } from '../../ui/State';
import { lookOf, wordsOf } from '../log/states';
import { OrderCard } from '../order/OrderCard';
import { orderNumber } from '../order/words';
import { go, href, replace, type Route } from '../route';
import { usePicture } from '../usePicture';
import { problemText, textOr, titleOf, when } from '../words';
import { Papers } from './Papers';

const STATES: Record<AssetState, StateLook> = {
  running: { tone: 'good', icon: 'st-done', word: 'card.state.running' },
  stopped: { tone: 'bad', icon: 'st-missed', word: 'card.state.stopped' },
  standby: { tone: 'calm', icon: 'st-upcoming', word: 'card.state.standby' },
  retired: { tone: 'calm', icon: 'st-excused', word: 'card.state.retired' },
};
const LEVELS: Record<'normal' | 'warning' | 'alarm', StateLook> = {
  normal: { tone: 'good', icon: 'st-done', word: 'card.level.normal' },
  warning: { tone: 'warn', icon: 'rc-marked', word: 'card.level.warning' },
  alarm: { tone: 'bad', icon: 'rc-attention', word: 'card.level.alarm' },
};

type To = Extract<Route, { name: 'asset' }>;

/** The card of an asset: what it is, how it stands, what is to be done, what its papers say. All of it without a network. */
export function Asset({ to }: { to: To }) {
  const view = asset(to.asset).value;
  const back = href({ name: 'orders' });
  if (!view) {
    return (
      <Screen title={t('card.title')} back={back}>
        <Empty icon="box" title={t('card.missing')} act={<Button href={href({ name: 'assets' })}>{t('card.find')}</Button>}>
          {t('card.missing.why')}
        </Empty>
      </Screen>
    );
  }
  return <Card view={view} to={to} back={back} />;
}

function Card({ view, to, back }: { view: AssetView; to: To; back: string }) {
  const { body } = view;
  const orders = ordersOf({ kind: 'asset', id: view.id });
  return (
    <Screen
      small
      title={<span lang={langOf(body.name)}>{say(body.name)}</span>}
      sub={[body.number, body.zone ? say(body.zone) : ''].filter(Boolean).join(' · ')}
      back={back}
      dock={
        <Dock plain>
          <Next view={view} orders={orders} scan={to.scan} />
        </Dock>
      }
    >
      {to.scan !== null && (
        <Note tone="live" icon="rc-phone">
          {t('card.scanned')}
        </Note>
      )}
      {body.retired && (
        <Note tone="warn" icon="st-excused">
          {t('card.retired.why')}
        </Note>
      )}
      <Lacks certificate={body.certificate ?? null} />
      <Photo sha256={body.photo ?? null} name={say(body.name)} />
      <section class="card">
        <div class="card__top">
          {view.state ? (
            <Chip tone={STATES[view.state].tone} icon={STATES[view.state].icon}>
              {t(STATES[view.state].word)}
            </Chip>
          ) : (
            <span class="meta">{t('card.state.unknown')}</span>
          )}
          <Button icon="swap" href={href({ name: 'assetstate', asset: view.id, scan: to.scan })}>
            {t('card.state.say')}
          </Button>
        </div>
        {view.since !== null && <p class="meta">{t('card.since', { time: when(view.since) })}</p>}
      </section>
      {orders.length > 0 && (
        <>
          <Section title={t('card.orders')} fact={String(orders.length)} />
          <ul class="wolist">
            {orders.map((order) => (
              <OrderCard key={order.id} view={order} whose />
            ))}
          </ul>
        </>
      )}
      {view.meters.length > 0 && (
        <>
          <Section title={t('card.readings')} />
          <ul class="rows">
            {view.meters.map((meter) => (
              <Reading key={meter.id} meter={meter} />
            ))}
          </ul>
          {!body.retired && (
            <Button icon="swap" href={href({ name: 'exchange', asset: view.id, scan: to.scan })}>
              {t('swap.go')}
            </Button>
          )}
        </>
      )}
      <Papers papers={view.documents} asset={view.id} />
      <Facts view={view} />
      {view.parts.length > 0 && (
        <>
          <Section title={t('card.parts')} fact={String(view.parts.length)} />
          <ul class="rows">
            {view.parts.map((part) => (
              <Row key={part.id} href={href({ name: 'asset', asset: part.id, scan: null })} title={`${part.body.number} ${say(part.body.name)}`} />
            ))}
          </ul>
        </>
      )}
      <History records={view.records} />
    </Screen>
  );
}

/** Its photo where this phone keeps it; without one nothing stands here, and nothing waits. */
function Photo({ sha256, name }: { sha256: string | null; name: string }) {
  const { url } = usePicture(sha256);
  return url === null ? null : <img class="assetphoto" src={url} alt={t('card.photo', { name })} />;
}

/** Some rooms and machines want a certificate; that it is missing is said before the door. */
function Lacks({ certificate }: { certificate: string | null }) {
  if (certificate === null || person.value?.certificates?.some((one) => one.kind === certificate)) return null;
  return (
    <Note tone="warn" icon="rc-attention">
      {t('card.certificate', { name: textOr(`cert.${certificate}`, 'card.certificate.other') })}
    </Note>
  );
}

function Reading({ meter }: { meter: MeterBody }) {
  const { last } = meter;
  const look = last ? LEVELS[last.level ?? level(last.value, meter.limits)] : null;
  return (
    <li class="row">
      <span class="row__b">
        <strong lang={langOf(meter.name)}>{say(meter.name)}</strong>
        {look && <StateWord look={look} />}
        {meter.number && <span class="meta num">{meter.number}</span>}
        {last && <span class="meta num">{when(last.at_ms)}</span>}
      </span>
      <span class="row__value num">{last ? `${last.value} ${meter.unit}` : '—'}</span>
    </li>
  );
}

function Facts({ view: { body, parent } }: { view: AssetView }) {
  const rows: [TextKey, string | null | undefined][] = [
    ['card.criticality', body.criticality ? t(`card.criticality.${body.criticality}`) : null],
    ['card.maker', [body.maker, body.model].filter(Boolean).join(' ')],
    ['card.serial', body.serial],
    ['card.installed', body.installed_on],
    ['card.warranty', body.warranty_until],
    ['card.parent', parent ? say(parent.body.name) : null],
  ];
  const told = rows.filter(([, value]) => value);
  if (told.length === 0) return null;
  return (
    <>
      <Section title={t('card.facts')} />
      <dl class="facts2">
        {told.map(([key, value]) => (
          <>
            <dt>{t(key)}</dt>
            <dd>{value}</dd>
          </>
        ))}
      </dl>
    </>
  );
}

function History({ records }: { records: readonly string[] }) {
  const own = log.value.filter((entry) => records.includes(entry.hash));
  if (own.length === 0) return null;
  return (
    <>
      <Section title={t('wo.history')} />
      <ul class="rows">
        {own.slice(0, 20).map((entry) => (
          <Row key={entry.hash} href={href({ name: 'record', seq: entry.seq })} time={when(entry.at)} title={titleOf(entry)}>
            <StateWord look={lookOf(entry)}>{wordsOf(entry)}</StateWord>
          </Row>
        ))}
      </ul>
    </>
  );
}

type NextProps = { view: AssetView; orders: OrderView[]; scan: string | null };

/** What comes next before this thing: arrive at the order that waits for it, take its readings, or report. */
function Next({ view, orders, scan }: NextProps) {
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const target = { kind: 'asset' as const, id: view.id };
  const waits = orders.find((order) => shareOf(order, person.value) !== 'others' && ['arrive', 'accept', 'complete', 'resume'].includes(actsOf(order, person.value).main ?? ''));
  const arrives = waits !== undefined && scan !== null && actsOf(waits, person.value).main === 'arrive';

  const arrive = (order: OrderView): void => {
    if (scan === null) return;
    setBusy(true);
    actOnOrder(order.id, 'order.arrive', { scan }, { deps: [scan] })
      .then(() => {
        feedback('saved', sound.value);
        replace({ name: 'order', order: order.id });
      })
      .catch((error: unknown) => {
        feedback('failed', sound.value);
        setTrouble(problemText(error));
        setBusy(false);
      });
  };

  return (
    <>
      {trouble !== null && (
        <Note tone="bad" icon="rc-attention" live>
          {trouble}
        </Note>
      )}
      {arrives && waits ? (
        <Button kind="main" icon="check" busy={busy} object={orderNumber(waits)} onPress={() => arrive(waits)}>
          {t('wo.arrive')}
        </Button>
      ) : waits ? (
        <Button kind="main" icon="order" object={orderNumber(waits)} href={href({ name: 'order', order: waits.id })}>
          {t('card.goorder')}
        </Button>
      ) : view.form ? (
        <Button kind="main" icon="gauge" object={say(view.form.name)} href={href({ name: 'assetform', asset: view.id, scan })}>
          {t('card.read')}
        </Button>
      ) : (
        <Button kind="main" icon="order" onPress={() => go({ name: 'neworder', target, finding: null })}>
          {t('wo.new')}
        </Button>
      )}
      <DockRow>
        {(waits || view.form) && (
          <Button icon="order" href={href({ name: 'neworder', target, finding: null })}>
            {t('wo.new')}
          </Button>
        )}
        {waits && view.form ? (
          <Button icon="gauge" href={href({ name: 'assetform', asset: view.id, scan })}>
            {t('card.read')}
          </Button>
        ) : (
          <Button icon="report" href={href({ name: 'findingat', target })}>
            {t('card.report')}
          </Button>
        )}
      </DockRow>
    </>
  );
}
