import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { clockTime } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { t } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { Chip, occurrenceLooks, OccurrenceChip, type Tone } from '../../../ui/State';
import { send, type Problem } from '../../api';
import { stretch } from '../../dates';
import { asProblem } from '../../model/load';
import { Refusal } from '../../parts/Answers';
import { Panel } from '../../parts/Page';
import { to } from '../../route';
import { may } from '../../model/may';
import type { Attention as Item, AttentionKind } from '../../types';
import { markWord } from '../../words';

const TONES: Record<AttentionKind, Tone> = {
  unheard: 'unsure', missed: 'bad', alarm: 'bad', unproven: 'unsure', partial: 'warn', marked: 'warn', quarantined: 'bad', certificate: 'warn', due: 'warn', corrected: 'good',
};

/** `day` is the day of the board, `dayFrom` its first moment, ms. */
export type AttentionProps = { items: readonly Item[]; siteId: string; zone: string; day: string; dayFrom: number };

/** What waits for a person; the server puts first what gets worse by waiting. */
export function Attention({ items: listed, siteId, zone, day, dayFrom }: AttentionProps) {
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<Problem | null>(null);
  const items = listed.filter((item) => !item.correction || !seen.has(item.correction.report));
  const open = items.flatMap((item) => (item.correction ? [item.correction.report] : []));
  const see = async (reports: string[]): Promise<void> => {
    setProblem(null);
    try {
      await send('POST', `/sites/${siteId}/corrections/seen`, { reports });
      setSeen((was) => new Set([...was, ...reports]));
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <Panel title={tc('todo.title')} fact={tc('todo.count', { n: items.length })} flush>
      <Refusal problem={problem} />
      {open.length > 1 && may('comment') && (
        <p class="panel__b acts">
          <Button onPress={() => void see(open)}>{tc('attn.seen.all')}</Button>
        </p>
      )}
      {items.length === 0 ? (
        <p class="panel__b meta">{tc('todo.none')}</p>
      ) : (
        <ul class="todo">
          {items.map((item) => (
            <li key={`${item.kind} ${item.occurrence} ${item.visit} ${item.from_ms} ${item.certificate?.person.id} ${item.certificate?.kind} ${item.due?.asset.id} ${item.due?.next_on}`} data-tone={TONES[item.kind]}>
              <Mark item={item} />
              <strong>
                <Title item={item} siteId={siteId} day={day} words={titleOf(item, zone)} />
              </strong>
              <p>{sentenceOf(item, zone, dayFrom)}</p>
              <Acts item={item} siteId={siteId} onSeen={(reports) => void see(reports)} />
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Mark({ item }: { item: Item }): ComponentChildren {
  switch (item.kind) {
    case 'alarm':
      return <Chip tone="bad" icon="rc-attention">{tc(item.reading?.level === 'warning' ? 'todo.warning' : 'todo.alarm')}</Chip>;
    case 'marked':
      return <Chip tone="warn" icon="rc-marked">{tc('rec.marked')}</Chip>;
    case 'quarantined':
      return <Chip tone="bad" icon="rc-attention">{tc('rec.attention')}</Chip>;
    case 'corrected':
      return <Chip tone="good" icon="rc-received">{tc('state.corrected', { state: t(occurrenceLooks[item.correction!.was].word) })}</Chip>;
    case 'certificate':
      return <Chip tone={item.certificate?.over ? 'bad' : 'warn'} icon="clock">{tc(item.certificate?.over ? 'person.cert.past' : 'person.cert.soon')}</Chip>;
    case 'due':
      return <Chip tone={item.due?.over ? 'bad' : 'warn'} icon="clock">{tc(item.due?.over ? 'duty.over' : 'duty.soon')}</Chip>;
    default:
      return <OccurrenceChip state={item.kind} />;
  }
}

function titleOf(item: Item, zone: string): string {
  const plan = item.plan ? say(item.plan) : '';
  if (item.kind === 'alarm' && item.reading) {
    const { label, value, unit } = item.reading;
    return `${say(label)} ${value} ${unit ?? ''}`.trim();
  }
  if (item.kind === 'certificate' && item.certificate) return tc('attn.certificate', { name: item.certificate.person.name, cert: t(`cert.${item.certificate.kind}`) });
  if (item.kind === 'due' && item.due) return `${say(item.due.asset.name)} · ${say(item.due.name)}`;
  if (item.kind === 'quarantined') return plan || tc('todo.quarantined');
  if (item.kind === 'marked' && item.occurrence === null) return tc('log.no_plan');
  const when = item.from_ms !== null && item.to_ms !== null ? stretch(item.from_ms, item.to_ms, zone) : '';
  return `${plan} ${when}`.trim();
}

function sentenceOf(item: Item, zone: string, dayFrom: number): string {
  const { done, total } = item;
  switch (item.kind) {
    case 'certificate':
      return item.certificate ? tc(item.certificate.over ? 'attn.certificate.over' : 'attn.certificate.until', { day: item.certificate.valid_until }) : '';
    case 'due':
      return item.due ? tc(item.due.over ? 'attn.due.over' : 'attn.due.until', { day: item.due.next_on }) : '';
    case 'unheard': {
      const heard = item.device?.heard_ms ?? null;
      const who = item.device?.name ?? '';
      const silence =
        heard === null ? tc('todo.unheard.never', { phone: who }) : tc('todo.unheard', { phone: who, time: timeOf(heard, zone, dayFrom) });
      return done !== null && total !== null ? `${silence}${tc('todo.unheard.count', { n: total, m: done })}` : silence;
    }
    case 'corrected': {
      const { correction } = item;
      if (!correction) return '';
      const time = timeOf(correction.at_ms, zone, dayFrom);
      const came = item.device ? tc('attn.corrected', { time, phone: item.device.name }) : tc('attn.corrected.plain', { time });
      return `${tc('attn.corrected.now', { state: t(occurrenceLooks[correction.state].word), m: done ?? 0, n: total ?? 0 })} ${came}`;
    }
    case 'missed':
      return tc('todo.missed');
    case 'alarm':
      return [item.plan ? say(item.plan) : '', placesOf(item), timesOf(item, zone, dayFrom)].filter((part) => part !== '').join(' · ');
    case 'unproven':
      if (item.upper_ms === null) return tc('todo.unproven');
      return item.lower_ms === null
        ? tc('todo.unproven.until', { b: timeOf(item.upper_ms, zone, dayFrom) })
        : tc('todo.unproven.between', { a: timeOf(item.lower_ms, zone, dayFrom), b: timeOf(item.upper_ms, zone, dayFrom) });
    case 'partial': {
      const places = placesOf(item);
      const count = tc('todo.partial.count', { m: done ?? 0, n: total ?? 0 });
      if (done !== null && done === total) return `${count}${tc('todo.partial.crew')}`;
      return places === '' ? count : `${count}${tc('todo.partial.stops', { stops: places })}`;
    }
    case 'marked':
      return tc('todo.marked', { n: item.count ?? 1, marks: marksOf(item) });
    case 'quarantined':
      return tc('todo.quarantined.why');
  }
}

// one alarm needs no count, several say when the last one was
function timesOf(item: Item, zone: string, dayFrom: number): string {
  const latest = item.from_ms === null ? '' : timeOf(item.from_ms, zone, dayFrom);
  return (item.count ?? 1) > 1 ? tc('todo.alarms', { n: item.count ?? 0, time: latest }) : latest;
}

function marksOf(item: Item): string {
  // some marks share a word
  const byWord = new Map<string, number>();
  for (const { mark, count } of item.marks ?? []) byWord.set(markWord(mark), Math.max(count, byWord.get(markWord(mark)) ?? 0));
  return [...byWord].map(([word, n]) => (n === item.count ? word : tc('todo.mark', { mark: word, n }))).join(tc('list.and'));
}

function placesOf(item: Item): string {
  return (item.stops ?? []).map((label) => say(label)).join(tc('list.and'));
}

// yesterday's word needs its day
function timeOf(ms: number, zone: string, dayFrom: number): string {
  return ms < dayFrom ? tc('time.earlier', { time: clockTime(ms, zone) }) : clockTime(ms, zone);
}

function Title({ item, siteId, day, words }: { item: Item; siteId: string; day: string; words: string }) {
  const href = hrefOf(item, siteId, day);
  return href === null ? <>{words}</> : <a href={href}>{words}</a>;
}

function hrefOf(item: Item, siteId: string, day: string): string | null {
  if (item.kind === 'certificate') return item.certificate ? to(siteId, 'people', item.certificate.person.id) : null;
  if (item.kind === 'due') return item.due ? to(siteId, 'assets', item.due.asset.id) : null;
  if (item.kind === 'quarantined') return may('see.quarantine') ? to(siteId, 'attention') : null;
  if (item.visit !== null) return to(siteId, 'visits', item.visit);
  if (item.occurrence !== null) return to(siteId, 'rounds', item.occurrence);
  return item.kind === 'marked' && may('see.evidence') ? to(siteId, 'log', null, { from: day, to: day, marked: 'true' }) : null;
}

function Acts({ item, siteId, onSeen }: { item: Item; siteId: string; onSeen: (reports: string[]) => void }) {
  const { correction } = item;
  if (correction) {
    return may('comment') ? (
      <div class="acts">
        <Button onPress={() => onSeen([correction.report])}>{tc('attn.seen')}</Button>
      </div>
    ) : null;
  }
  if (item.kind !== 'missed' || item.occurrence === null || !may('excuse')) return null;
  return (
    <div class="acts">
      <Button href={to(siteId, 'rounds', item.occurrence, { excuse: 'yes' })}>{tc('excuse.act')}</Button>
    </div>
  );
}
