/** The course of an order: each step with who, when as surely as is known, and what stands behind it. */
import { tc } from '../../../i18n/console';
import { clockTime, moment } from '../../../i18n/format';
import { Icon } from '../../../ui/Icon';
import type { IconName } from '../../../ui/icons';
import { Chip } from '../../../ui/State';
import { VoiceLine } from '../../parts/VoiceLine';
import type { SiteRef } from '../../types';
import { markWord } from '../../words';
import type { Entry, Order, Who } from './types';
import { whoName, wordOf } from './words';

const ICONS: Readonly<Record<string, IconName>> = {
  open: 'plus', dispatch: 'hand', accept: 'check', arrive: 'pin', leave: 'pin', pause: 'clock', resume: 'st-progress', complete: 'st-done', verify: 'check', follow: 'call', note: 'report',
  labour: 'gauge', sign: 'pen', cancel: 'close', escalate: 'bell', double: 'rc-marked', settle: 'rc-marked', cost: 'score', propose: 'doc', approve: 'check', decline: 'close', recall: 'back', return: 'back', pass: 'swap',
};

/** What was said of an order after it was opened; the opening itself only when it came with words or photos. */
export const saidOf = (order: Order) => order.entries.filter((one) => one.kind !== 'open' || one.note !== null || one.photos.length > 0);

export function Course({ order, site }: { order: Order; site: SiteRef }) {
  const zone = site.time_zone;
  const against = new Map(order.found.flatMap((one) => [[one.event, one] as const]));
  return (
    <ol class="course">
      <li class="course__step">
        <Icon name="order" />
        <div>
          <strong>{order.opened_by ? tc('orders.step.opened', { who: order.opened_by.name }) : tc('orders.step.opened.rule')}</strong>
          <small>{moment(order.opened_ms, zone, order.now_ms)} · {tc(`wo.from.${order.source.kind}`)}</small>
        </div>
      </li>
      {saidOf(order).map((one) => {
        const clash = against.get(one.id);
        return (
          <li key={one.id} class="course__step" id={`e-${one.id.slice(0, 12)}`} data-kept={one.kept ? '' : undefined}>
            <Icon name={ICONS[one.kind] ?? 'doc'} />
            <div>
              <strong>{stepWords(one)}</strong>
              <small>
                {one.by?.name ?? tc('orders.rule')} · {timeWords(one, zone, order.now_ms)}
                {one.device && ` · ${one.device.name}`}
              </small>
              {factWords(one, zone, order.now_ms).map((fact) => <p key={fact}>{fact}</p>)}
              {one.note && <p class="prose">{one.note}</p>}
              {one.name && <p>{tc('orders.signed.by', { name: one.name })}</p>}
              <div class="course__chips">
                {one.scan && <Chip tone={one.scan === 'proven' ? 'good' : 'unsure'} icon={one.scan === 'proven' ? 'qr' : 'st-unproven'}>{tc(`orders.scan.${one.scan}`)}</Chip>}
                {one.kept && <Chip tone="calm" icon="disk">{tc('orders.kept')}</Chip>}
                {clash && <Chip tone={clash.settled ? 'calm' : 'warn'} icon="rc-marked">{clash.settled ? tc('orders.settled') : tc('orders.conflict')}</Chip>}
                {one.marks.map((mark) => <Chip key={mark} tone="warn" icon="rc-marked">{markWord(mark)}</Chip>)}
              </div>
              {one.photos.filter(isVoice).map((voice) => (
                <VoiceLine key={voice.sha256} url={`/api/v1/sites/${site.id}/photos/${voice.sha256}`} name={tc('form.kind.voice')} />
              ))}
              {one.photos.some((photo) => !isVoice(photo)) && (
                <div class="photogrid">
                  {one.photos.filter((photo) => !isVoice(photo) && !photo.of).map((photo, n) => (
                    <figure key={photo.sha256} class="thumb">
                      {photo.state === 'there' ? (
                        <a href={`/api/v1/sites/${site.id}/photos/${photo.sha256}`} target="_blank" rel="noopener">
                          <img src={`/api/v1/sites/${site.id}/photos/${photo.sha256}?width=320`} alt={tc(photo.role === 'signature' ? 'orders.signature' : 'orders.photo', { n: n + 1 })} loading="lazy" />
                        </a>
                      ) : (
                        <span class="meta">{tc(photo.state === 'pending' ? 'orders.photo.pending' : 'orders.photo.removed')}</span>
                      )}
                      {one.photos.filter((original) => original.of === photo.sha256 && original.state === 'there').map((original) => (
                        <figcaption key={original.sha256}>
                          <a href={`/api/v1/sites/${site.id}/photos/${original.sha256}`} target="_blank" rel="noopener">{tc('photo.original')}</a>
                        </figcaption>
                      ))}
                    </figure>
                  ))}
                </div>
              )}
            </div>
          </li>
        );
      })}
    </ol>
  );
}

/** A voice note that can be heard; one that has not come is told like a photo. */
function isVoice(photo: Entry['photos'][number]): boolean {
  return photo.role === 'voice' && photo.state === 'there';
}

function stepWords(one: Entry): string {
  const { p } = one;
  const to = p['to'] as Who | undefined;
  switch (one.kind) {
    case 'dispatch':
      return tc('orders.step.dispatch', { who: whoName(to ?? null) });
    case 'pass':
      return tc('orders.step.pass', { who: whoName(to ?? null) });
    case 'verify':
      return tc(p['ok'] === true ? 'orders.step.verify.ok' : 'orders.step.verify.no');
    case 'follow':
      return tc(p['satisfied'] === true ? 'orders.step.follow.ok' : 'orders.step.follow.no');
    case 'escalate':
      return tc(p['step'] === 'missed' ? 'orders.step.escalate.missed' : 'orders.step.escalate.near', { clause: String(p['clause'] || tc('orders.due.word')) });
    default:
      return wordOf('orders.step', one.kind);
  }
}

function factWords(one: Entry, zone: string, now: number): string[] {
  const { p } = one;
  const found: string[] = [];
  const text = (name: string) => (typeof p[name] === 'string' && p[name] !== '' ? (p[name] as string) : null);
  if (one.kind === 'complete') found.push(tc(`orders.result.${p['result'] as 'fixed'}`));
  if (one.kind === 'labour') found.push(tc('orders.step.labour.n', { n: Number(p['minutes']), people: Number(p['people']) }));
  if (one.kind === 'sign' && p['how'] === 'typed') found.push(tc('orders.signed.typed'));
  if (one.kind === 'return') found.push(wordOf('orders.return', String(p['reason'])));
  if (one.kind === 'pause') found.push(wordOf('orders.pause', String(p['reason'])) + (typeof p['until_ms'] === 'number' ? ` · ${tc('orders.until', { time: moment(p['until_ms'], zone, now) })}` : ''));
  if (one.kind === 'set') found.push(`${wordOf('orders.field', String(p['field']))}: ${text('from') ?? '—'} → ${text('to') ?? '—'}`);
  if (one.kind === 'escalate' && Array.isArray(p['who'])) found.push(tc('orders.step.told', { who: (p['who'] as string[]).map((who) => wordOf('role', who)).join(tc('list.and')) || '—' }));
  if (one.kind === 'cost' || one.kind === 'propose') found.push([text('what'), text('amount')].filter(Boolean).join(' · '));
  if ((one.kind === 'cancel' || one.kind === 'double') && text('into')) found.push(tc(one.kind === 'double' ? 'orders.double' : 'orders.into', { n: text('into')! }));
  if (one.kind === 'change') found.push(...changed(p, zone, now));
  for (const name of ['text', 'why']) if (text(name)) found.push(text(name)!);
  return found.filter(Boolean);
}

function changed(p: Entry['p'], zone: string, now: number): string[] {
  const found: string[] = [];
  if (typeof p['urgency'] === 'string') found.push(`${tc('orders.urgency')}: ${wordOf('orders.urgency', p['urgency'])}`);
  if (typeof p['class'] === 'string') found.push(`${tc('orders.class')}: ${wordOf('wo.class', p['class'])}`);
  if ('place' in p) found.push(`${tc('orders.place')}: ${(p['place'] as string | null) ?? '—'}`);
  if ('title' in p) found.push(`${tc('orders.what')}: ${(p['title'] as { zh: string } | null)?.zh ?? '—'}`);
  if ('due_ms' in p) found.push(`${tc('orders.due')}: ${typeof p['due_ms'] === 'number' ? moment(p['due_ms'], zone, now) : '—'}`);
  return found;
}

/** One time where both ends agree, else the interval; when it came if that was later. */
function timeWords(one: Entry, zone: string, now: number): string {
  const at = moment(one.estimate_ms, zone, now);
  const wide = !one.office && one.quality !== 'A' && one.lower_ms !== null && one.upper_ms - one.lower_ms >= 60_000;
  const time = wide ? `${at} [${clockTime(one.lower_ms!, zone)}–${clockTime(one.upper_ms, zone)}]` : at;
  const late = one.received_ms !== null && one.received_ms - one.estimate_ms > 10 * 60_000;
  return late ? `${time} · ${tc('orders.came', { time: moment(one.received_ms!, zone, now) })}` : time;
}
