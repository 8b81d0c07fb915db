import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { langOf } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { Chip } from '../../../ui/State';
import { type Problem } from '../../api';
import { asProblem, useLoad } from '../../model/load';
import { mayAt } from '../../model/may';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { Page, Panel } from '../../parts/Page';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import { actOn, ASKED, AskDialog, ChangeDialog, DispatchDialog, SettleDialog } from './dialogs';
import { Course, saidOf } from './Course';
import { Used } from './Used';
import type { ActName, Conflict, Order } from './types';
import { deadlineName, dueOf, inCharge, looks, placeOf, titleOf, whoName, wordOf } from './words';

type Asking = 'dispatch' | 'change' | keyof typeof ASKED | Conflict | null;

/** One order: what is due, what waits to be settled, its course with what stands behind each step. */
export function OrderPage({ site, id }: { site: SiteRef; id: string }) {
  const loaded = useLoad<Order>(`/sites/${site.id}/orders/${id}`);
  const [asking, setAsking] = useState<Asking>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const back = { href: to(site.id, 'orders'), word: tc('nav.work_orders') };
  const order = loaded.value;
  if (!order) return <Page title={tc('nav.work_orders')} crumbs={[back]}>{loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />}</Page>;
  const done = (next: Order) => {
    setAsking(null);
    setProblem(null);
    loaded.put(next);
  };
  const act = async (name: ActName, members: object = {}) => {
    setProblem(null);
    try {
      done(await actOn(site, order, name, members));
    } catch (error) {
      const refused = asProblem(error);
      setProblem(refused);
      if (refused.slug === 'order-changed') loaded.reload();
    }
  };
  const stay = () => {
    setAsking(null);
    loaded.reload();
  };
  const look = looks[order.state];
  const waiting = order.found.filter((one) => !one.settled);
  const dialog = { site, order, onDone: done, onStay: stay };
  return (
    <Page
      title={titleOf(order)}
      crumbs={[back, { word: order.number }]}
      chips={
        <>
          <Chip tone={look.tone} icon={look.icon}>{tc(`wo.state.${order.state}`)}</Chip>
          {order.urgency === 'urgent' && <Chip tone="bad" icon="rc-attention">{tc('orders.urgency.urgent')}</Chip>}
        </>
      }
      sub={<span lang={order.title ? langOf(order.title) : undefined}><span class="code">{order.number}</span> · {[tc(`wo.kind.${order.kind}`), tc(`wo.class.${order.class}`), placeOf(order)].filter(Boolean).join(' · ')}</span>}
      acts={<MainActs order={order} onAsk={setAsking} onAct={(name, members) => void act(name, members)} />}
    >
      <Refusal problem={problem} />
      {waiting.map((one) => (
        <section key={one.id} class="panel clash" data-tone="warn">
          <div class="panel__b">
            <Chip tone="warn" icon="rc-marked">{tc('orders.conflict')}</Chip>
            <p><strong>{tc(`orders.conflict.${one.kind}`)}</strong></p>
            {one.kind === 'field' && (
              <p>{tc('orders.conflict.values', { field: tc(`orders.field.${one.field === 'class' ? 'class' : one.field === 'place' ? 'place' : 'other'}`), phone: shown(one, one.phone), office: shown(one, one.office) })}</p>
            )}
            <p class="meta">{tc('orders.conflict.kept')}</p>
            {order.may.includes('settle') && <Button kind="ink" onPress={() => setAsking(one)}>{tc('orders.settle')}</Button>}
          </div>
        </section>
      ))}
      <div class="cols">
        <div class="stackcol">
          <Panel title={tc('orders.course')} fact={tc('orders.course.n', { n: 1 + saidOf(order).length })}>
            <Course order={order} site={site} />
          </Panel>
          <Used order={order} site={site} />
        </div>
        <aside class="stackcol">
          <Deadlines order={order} zone={site.time_zone} />
          <Facts order={order} site={site} />
          <MoreActs order={order} onAsk={setAsking} onAct={(name, members) => void act(name, members)} />
        </aside>
      </div>
      {asking === 'dispatch' && <DispatchDialog {...dialog} />}
      {asking === 'change' && <ChangeDialog {...dialog} />}
      {typeof asking === 'string' && asking in ASKED && <AskDialog key={asking} {...dialog} what={asking as keyof typeof ASKED} />}
      {asking !== null && typeof asking === 'object' && <SettleDialog {...dialog} conflict={asking} />}
    </Page>
  );
}

function shown(one: Conflict, value: string | null): string {
  if (value === null || value === '') return '—';
  return one.field === 'class' ? wordOf('wo.class', value) : value;
}

type ActsProps = { order: Order; onAsk: (what: Asking) => void; onAct: (name: ActName, members?: object) => void };

/** The next act of the office, and its opposite. */
function MainActs({ order, onAsk, onAct }: ActsProps) {
  const may = (name: ActName) => order.may.includes(name);
  if (order.proposal === 'asked' && may('approve')) {
    return (
      <>
        <Button onPress={() => onAsk('decline')}>{tc('orders.decline')}</Button>
        <Button kind="ink" onPress={() => onAct('approve')}>{tc('orders.approve')}</Button>
      </>
    );
  }
  if (may('verify')) {
    return (
      <>
        <Button onPress={() => onAsk('verify_no')}>{tc('orders.verify.no')}</Button>
        <Button kind="ink" onPress={() => onAct('verify', { ok: true })}>{tc('orders.verify.ok')}</Button>
      </>
    );
  }
  if (may('follow')) {
    return (
      <>
        <Button onPress={() => onAsk('follow_no')}>{tc('orders.follow.no')}</Button>
        <Button kind="ink" onPress={() => onAct('follow', { satisfied: true })}>{tc('orders.follow.ok')}</Button>
      </>
    );
  }
  if (may('dispatch')) return <Button kind={order.state === 'open' ? 'ink' : 'plain'} onPress={() => onAsk('dispatch')}>{order.state === 'open' ? tc('wo.dispatch') : tc('orders.redispatch')}</Button>;
  return may('reopen') ? <Button onPress={() => onAsk('reopen')}>{tc('orders.reopen')}</Button> : null;
}

const MORE = ['change', 'note', 'cost', 'pause', 'resume', 'propose', 'recall', 'reopen', 'cancel'] as const;

function MoreActs({ order, onAsk, onAct }: ActsProps) {
  const found = MORE.filter((name) => order.may.includes(name));
  if (found.length === 0) return null;
  return (
    <Panel title={tc('wo.others')}>
      <div class="acts acts--wrap">
        {found.map((name) => (
          <Button key={name} kind={name === 'cancel' ? 'quiet' : 'plain'} onPress={() => (name === 'resume' ? onAct('resume') : onAsk(name))}>
            {tc(`orders.act.${name}`)}
          </Button>
        ))}
        {order.may.includes('verify') && <Button onPress={() => onAct('follow', { satisfied: true })}>{tc('orders.follow.ok')}</Button>}
      </div>
    </Panel>
  );
}

/** What is and was due, in words and as a bar. */
function Deadlines({ order, zone }: { order: Order; zone: string }) {
  const now = order.now_ms;
  return (
    <Panel title={tc('orders.due')}>
      {order.deadlines.length === 0 && <p class="meta">{tc('wo.due.none')}</p>}
      {order.deadlines.map((one) => {
        const due = dueOf(one, now);
        return (
          <div key={one.key} class="deadline">
            <div class="wo__top">
              <span>{deadlineName(one, zone, now)}</span>
              <Chip tone={due.tone} icon={due.icon}>{due.words}</Chip>
            </div>
            <div class="due" data-tone={due.tone} role="img" aria-label={tc('wo.bar', { a: Math.round(due.gone * 100) })}>
              <i style={{ '--p': String(due.gone) }} />
            </div>
            {one.corrected && <p class="meta">{tc('orders.due.corrected.why')}</p>}
          </div>
        );
      })}
    </Panel>
  );
}

function Facts({ order, site }: { order: Order; site: SiteRef }) {
  const now = order.now_ms;
  const zone = site.time_zone;
  const { target, received } = order;
  return (
    <Panel title={tc('orders.facts')}>
      <dl class="dl">
        <dt>{tc('wo.who')}</dt>
        <dd>
          {inCharge(order)}
          {order.holder && order.assignee && order.assignee.kind !== 'person' && ` (${whoName(order.assignee)})`}
        </dd>
        {['open', 'dispatched', 'accepted', 'working', 'paused'].includes(order.state) && received.map((one) => (
          <>
            <dt>{one.device.name}</dt>
            <dd>
              <Chip tone={one.has ? 'good' : 'unsure'} icon={one.has ? 'rc-received' : 'st-unheard'}>
                {one.has ? tc('orders.received', { time: one.heard_ms === null ? '' : moment(one.heard_ms, zone, now) }) : tc('orders.silent')}
              </Chip>
            </dd>
          </>
        ))}
        {target && (
          <>
            <dt>{tc('orders.thing')}</dt>
            <dd>{mayAt(site, 'see.plan') ? <a href={to(site.id, target.kind === 'asset' ? 'assets' : 'places', target.id)}>{placeOf({ target, place: null })}</a> : placeOf({ target, place: null })}</dd>
          </>
        )}
        {order.place && (
          <>
            <dt>{tc('orders.place')}</dt>
            <dd>{order.place}</dd>
          </>
        )}
        {order.replaced_by && (
          <>
            <dt>{tc('orders.replaced')}</dt>
            <dd>{order.replaced_by.id ? <a class="code" href={to(site.id, 'orders', order.replaced_by.id)}>{order.replaced_by.number}</a> : <span class="code">{order.replaced_by.number}</span>}</dd>
          </>
        )}
        <dt>{tc('wo.from')}</dt>
        <dd>
          {tc(`wo.from.${order.source.kind}`)}
          {order.source.name !== null && (
            <>
              {' · '}
              {order.source.kind === 'request' && mayAt(site, 'handle.requests') ? <a class="code" href={to(site.id, 'requests', order.source.id)}>{order.source.name}</a> : <span class="code">{order.source.name}</span>}
            </>
          )}
        </dd>
        <dt>{tc('wo.opened')}</dt>
        <dd>{moment(order.opened_ms, zone, now)}{order.opened_by && ` · ${order.opened_by.name}`}</dd>
        {order.note && (
          <>
            <dt>{tc('wo.told')}</dt>
            <dd class="prose">{order.note}</dd>
          </>
        )}
        {order.done && (
          <>
            <dt>{tc('orders.result')}</dt>
            <dd>{tc(`orders.result.${order.done.result}`)}</dd>
          </>
        )}
        {order.reopened > 0 && (
          <>
            <dt>{tc('orders.reopened')}</dt>
            <dd>{tc('orders.times', { n: order.reopened })}</dd>
          </>
        )}
        <dt>{tc('wo.labour')}</dt>
        <dd>{tc('orders.minutes', { n: order.labour_min })}</dd>
        <dt>{tc('orders.costs')}</dt>
        <dd>
          {order.costs.total} {order.costs.currency}<br /><small>{tc('orders.costs.parts', { labour: order.costs.labour, parts: order.costs.parts, other: order.costs.other })}</small>
          {order.costs.unpriced > 0 && <><br /><small>{tc('costs.unpriced', { n: order.costs.unpriced })}</small></>}
        </dd>
      </dl>
      {order.asks_signature && !order.entries.some((one) => one.kind === 'sign') && <p class="meta"><Icon name="pen" /> {tc('orders.asks_signature')}</p>}
    </Panel>
  );
}
