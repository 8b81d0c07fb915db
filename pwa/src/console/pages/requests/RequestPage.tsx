import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { send, type Problem } from '../../api';
import { asProblem, useLoad } from '../../model/load';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { CopyButton } from '../../parts/CopyButton';
import { Page, Panel } from '../../parts/Page';
import { QrCode } from '../../parts/QrCode';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import { ActDialog, type Asked } from './ActDialog';
import type { Desk, Happened, Whole } from './types';
import { deadlineWords, Due, happenedWords, isPressing, kindWords, placeWords, StateChip } from './words';

export type Act = { act: string } & Record<string, unknown>;
type Link = { url: string; qr: string[] };

/** One request: how it stands, what is due, what happened, and what the desk can do next. */
export function RequestPage({ site, id }: { site: SiteRef; id: string }) {
  const path = `/sites/${site.id}/requests/${id}`;
  const loaded = useLoad<Whole>(path);
  const desk = useLoad<Desk>(`/sites/${site.id}/desk`).value;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState('');
  const [asked, setAsked] = useState<Asked | null>(null);
  const [link, setLink] = useState<Link | null>(null);
  const one = loaded.value;
  const back = { href: to(site.id, 'requests'), word: tc('nav.requests') };
  if (!one) return <Page title={tc('nav.requests')} crumbs={[back]}>{loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />}</Page>;

  const run = async (body: Act): Promise<void> => {
    if (busy) return;
    setBusy(body.act);
    setProblem(null);
    try {
      loaded.put(await send<Whole>('POST', `${path}/acts`, body));
      setAsked(null);
    } catch (error) {
      setProblem(asProblem(error));
      if (!asked) loaded.reload();
    }
    setBusy('');
  };
  const renew = async (): Promise<void> => {
    setProblem(null);
    try {
      setLink(await send<Link>('POST', `${path}/link`));
      loaded.reload();
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  const now = one.now_ms;
  return (
    <Page
      title={`${one.number} ${kindWords(one)}`}
      crumbs={[back, { word: one.number }]}
      chips={
        <>
          <StateChip state={one.state} />
          {one.urgency !== 'normal' && <span class="chip" data-tone="bad">{tc(`desk.urgency.${one.urgency}`)}</span>}
          {one.unread && <span class="chip" data-tone="warn">{tc('desk.unread')}</span>}
        </>
      }
      acts={<span class="opt"><Button icon="print" onPress={() => print()}>{tc('act.print')}</Button></span>}
    >
      <Refusal problem={asked ? null : problem} />
      <div class="cols cols--main">
        <div class="stackcol">
          <section class={isPressing(one, now) && !['closed', 'withdrawn', 'merged'].includes(one.state) ? 'panel panel--pressing' : 'panel'}>
            <div class="panel__b">
              <p class="asked" dir="auto">{one.erased ? tc('desk.erased') : one.text || '—'}</p>
              <p class="meta">
                {[placeWords(one), tc(`desk.channel.${one.channel}`), moment(one.opened_ms, site.time_zone, now)].filter(Boolean).join(' · ')}
              </p>
              <Next one={one} desk={desk} busy={busy} run={run} ask={setAsked} />
            </div>
          </section>
          {one.merged_into && (
            <p class="note">
              {tc('desk.merged_into')} <a href={to(site.id, 'requests', one.merged_into.id)}>{one.merged_into.number}</a>
            </p>
          )}
          {one.doubles.length > 0 && <Doubles one={one} site={site} busy={busy} run={run} />}
          <Panel title={tc('desk.history')}>
            <ol class="remarks">
              {one.events.map((_, n) => one.events[one.events.length - 1 - n]!).map((event) => (
                <Line key={event.id} event={event} site={site} path={path} now={now} />
              ))}
            </ol>
          </Panel>
        </div>
        <aside class="stackcol">
          <Panel title={tc('desk.who')}>
            <dl class="dl">
              <dt>{tc('desk.owner')}</dt>
              <dd>{one.owner?.name ?? tc('desk.nobody')}</dd>
              {one.offered_to && (
                <>
                  <dt>{tc('desk.offered')}</dt>
                  <dd>{one.offered_to.name}</dd>
                </>
              )}
              <dt>{tc('desk.department')}</dt>
              <dd>{one.department ? say(one.department.name) : '—'}</dd>
              <dt>{tc('desk.contact')}</dt>
              <dd>
                {one.contact ? (
                  <>
                    {one.contact.name} {one.contact.phone && <a href={`tel:${one.contact.phone.replace(/\s/g, '')}`}>{one.contact.phone}</a>}
                  </>
                ) : (
                  tc('desk.contact.none')
                )}
              </dd>
              {one.window && (
                <>
                  <dt>{tc('desk.window')}</dt>
                  <dd>
                    {moment(one.window[0], site.time_zone, now)} – {moment(one.window[1], site.time_zone, now)}
                  </dd>
                </>
              )}
              {one.urged > 0 && (
                <>
                  <dt>{tc('desk.urged')}</dt>
                  <dd>{tc('desk.times', { n: one.urged })}</dd>
                </>
              )}
              {one.reopened > 0 && (
                <>
                  <dt>{tc('desk.reopened')}</dt>
                  <dd>{tc('desk.times', { n: one.reopened })}</dd>
                </>
              )}
            </dl>
          </Panel>
          {one.deadlines.length > 0 && (
            <Panel title={tc('desk.deadlines')}>
              {one.state !== 'closed' && <Due row={one} now={now} />}
              <ul class="plainlist">
                {one.deadlines.map((line) => (
                  <li key={`${line.clause} ${line.what}`}>
                    {deadlineWords(line, site.time_zone, now)} <b>{tc(`desk.kept.${line.state}`)}</b>
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          {one.orders.length > 0 && (
            <Panel title={tc('desk.orders')}>
              <ul class="plainlist">
                {one.orders.map((order) => (
                  <li key={order.id}>
                    <a href={`#/sites/${encodeURIComponent(site.id)}/orders/${order.id}`}>{order.number}</a> {tc(`desk.order.${order.state as 'open'}`)}
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          {one.merged.length > 0 && (
            <Panel title={tc('desk.merged')}>
              <ul class="plainlist">
                {one.merged.map((ref) => (
                  <li key={ref.id}>
                    <a href={to(site.id, 'requests', ref.id)}>{ref.number}</a> {tc(`desk.kind.${ref.kind}`)}
                  </li>
                ))}
              </ul>
            </Panel>
          )}
          <Panel title={tc('desk.link')} fact={tc(one.links > 0 ? 'desk.link.some' : 'desk.link.none')}>
            {link ? (
              <>
                <div class="qrbox qrbox--small"><QrCode rows={link.qr} name={tc('desk.link.qr')} /></div>
                <p class="code wraps">{link.url}</p>
                <CopyButton text={link.url} />
                <p class="meta">{tc('desk.link.once')}</p>
              </>
            ) : (
              <>
                <p class="meta">{tc('desk.link.why')}</p>
                <Button onPress={() => void renew()}>{tc('desk.link.new')}</Button>
              </>
            )}
          </Panel>
        </aside>
      </div>
      {asked && <ActDialog asked={asked} one={one} site={site} desk={desk} problem={problem} busy={busy !== ''} onGo={(body) => void run(body)} onStay={() => { setAsked(null); setProblem(null); }} />}
    </Page>
  );
}

/** The acts that make sense now, the likely one first and in ink. */
function Next({ one, desk, busy, run, ask }: { one: Whole; desk: Desk | null; busy: string; run: (body: Act) => Promise<void>; ask: (asked: Asked) => void }) {
  const ended = one.state === 'closed' || one.state === 'withdrawn' || one.state === 'merged';
  const offered = one.offered_to !== null && one.offered_to.id === desk?.me;
  const works = one.kind === 'repair' || one.kind === 'errand';
  return (
    <div class="acts">
      {offered && <Button kind="ink" busy={busy === 'accept'} onPress={() => void run({ act: 'accept' })}>{tc('desk.act.accept')}</Button>}
      {offered && <Button busy={busy === 'refuse'} onPress={() => void run({ act: 'refuse' })}>{tc('desk.act.refuse')}</Button>}
      {!ended && !one.owner && <Button kind="ink" busy={busy === 'take'} onPress={() => void run({ act: 'take' })}>{tc('desk.act.take')}</Button>}
      {!ended && one.owner && one.state !== 'done' && works && one.orders.length === 0 && <Button kind="ink" icon="order" onPress={() => ask('order')}>{tc('desk.act.order')}</Button>}
      {!ended && one.owner && one.state !== 'done' && <Button kind={works || one.orders.length > 0 ? 'plain' : 'ink'} icon="check" onPress={() => ask('answer')}>{tc('desk.act.answer')}</Button>}
      {one.state === 'done' && <Button kind="ink" icon="call" onPress={() => ask('satisfied')}>{tc('desk.act.satisfied')}</Button>}
      {(one.state === 'done' || one.state === 'closed') && <Button onPress={() => ask('dissatisfied')}>{tc('desk.act.dissatisfied')}</Button>}
      {!ended && <Button icon="report" onPress={() => ask('tell')}>{tc('desk.act.tell')}</Button>}
      {!ended && one.owner && one.state !== 'done' && works && one.orders.length > 0 && <Button onPress={() => ask('order')}>{tc('desk.act.order')}</Button>}
      {!ended && <Button onPress={() => ask('urge')}>{tc('desk.act.urge')}</Button>}
      {!ended && one.owner && <Button onPress={() => ask('offer')}>{tc('desk.act.offer')}</Button>}
      {one.state !== 'withdrawn' && one.state !== 'merged' && <Button onPress={() => ask('sort')}>{tc('desk.act.sort')}</Button>}
      <Button onPress={() => ask('note')}>{tc('desk.act.note')}</Button>
      <Button onPress={() => ask('contact')}>{tc('desk.act.contact')}</Button>
      {!ended && <Button kind="quiet" onPress={() => ask('end')}>{tc('desk.act.end')}</Button>}
      {!one.erased && <Button kind="quiet" onPress={() => ask('erase')}>{tc('desk.act.erase')}</Button>}
    </div>
  );
}

function Doubles({ one, site, busy, run }: { one: Whole; site: SiteRef; busy: string; run: (body: Act) => Promise<void> }) {
  return (
    <Panel title={tc('desk.doubles')} fact={tc('desk.doubles.why')}>
      <ul class="plainlist plainlist--acts">
        {one.doubles.map((other) => (
          <li key={other.id}>
            <span class="grow">
              <a href={to(site.id, 'requests', other.id)}>{other.number}</a> {tc(`desk.kind.${other.kind}`)} · {tc(`desk.state.${other.state}`)} · {moment(other.opened_ms, site.time_zone, one.now_ms)}
              <span class="excerpt" dir="auto">{other.text}</span>
            </span>
            <Button busy={busy === 'merge'} onPress={() => void run({ act: 'merge', into: other.id })}>{tc('desk.act.merge', { number: other.number })}</Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Line({ event, site, path, now }: { event: Happened; site: SiteRef; path: string; now: number }) {
  const shown = ['told', 'answered'].includes(event.kind);
  return (
    <li>
      <p>
        <b>{happenedWords(event)}</b>
        {shown && <small> · {tc('desk.shown')}</small>}
      </p>
      {event.text && <p dir="auto">{event.text}</p>}
      {event.photos.length > 0 && (
        <div class="photogrid photogrid--small">
          {event.photos.map((n) => (
            <a key={n} href={`/api/v1${path}/photos/${n}`} download>
              <img src={`/api/v1${path}/photos/${n}`} alt={tc('photo.open', { n })} width={120} height={120} loading="lazy" />
            </a>
          ))}
        </div>
      )}
      <small>
        {[event.by?.name ?? (['said', 'hurried', 'withdrawn', 'followed', 'opened'].includes(event.kind) ? tc('desk.resident') : null), moment(event.at_ms, site.time_zone, now)].filter(Boolean).join(' · ')}
        {event.kind === 'ordered' && <Icon name="order" />}
      </small>
    </li>
  );
}
