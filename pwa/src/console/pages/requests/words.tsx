/** Requests in words: how they stand, what is due, what happened. */
import { tc, type ConsoleKey } from '../../../i18n/console';
import { moment, span } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { isTextKey } from '../../../i18n/t';
import { Icon } from '../../../ui/Icon';
import type { Deadline, Happened, RequestState, Row } from './types';

const TONES: Record<RequestState, string> = { new: 'live', open: 'live', done: 'warn', closed: 'good', withdrawn: 'calm', merged: 'calm' };
const waits = ['running', 'paused', 'missed', 'unheard'];

/** How a request stands. */
export function StateChip({ state }: { state: RequestState }) {
  return (
    <span class="chip" data-tone={TONES[state]}>
      {tc(`desk.state.${state}`)}
    </span>
  );
}

/** What kind of request it is, with its class where that says something. */
export function kindWords(row: Pick<Row, 'kind' | 'class'>): string {
  return [tc(`desk.kind.${row.kind}`), row.kind === 'repair' && row.class !== 'other' ? tc(`desk.class.${row.class}`) : null].filter(Boolean).join(' · ');
}

/** Where it is. */
export function placeWords(row: Pick<Row, 'target' | 'place'>): string {
  return [row.target ? `${row.target.number} ${say(row.target.name)}` : null, row.place].filter(Boolean).join(' · ');
}

/** The deadline that comes, or came, first of those that are not kept yet. */
export function nextOf(row: Pick<Row, 'deadlines'>): Deadline | null {
  return row.deadlines.filter((one) => waits.includes(one.state)).sort((a, b) => a.due_ms - b.due_ms)[0] ?? null;
}

/** What is due: of an appointment, that it is kept. */
function whatWords(one: Deadline): string {
  return tc(one.clause === '' ? 'desk.what.window' : `desk.what.${one.what}`);
}

/** What is due next: in words and as a bar that fills. */
export function Due({ row, now }: { row: Row; now: number }) {
  const next = nextOf(row);
  if (!next) return <span class="zero">—</span>;
  const over = now > next.due_ms;
  const near = !over && next.due_ms - now < next.span_ms / 3;
  const tone = over ? 'bad' : near ? 'warn' : 'calm';
  const part = Math.min(1, Math.max(0, 1 - (next.due_ms - now) / Math.max(1, next.span_ms)));
  return (
    <span class="duecell" data-tone={tone}>
      <b class="wo__left">
        <Icon name="clock" /> {over ? tc('desk.over', { time: span(now - next.due_ms) }) : tc('desk.left', { time: span(next.due_ms - now) })}
      </b>
      <span class="due" aria-hidden="true">
        <i ref={(bar) => bar?.style.setProperty('--p', String(part))} />
      </span>
      <small>{whatWords(next)}</small>
    </span>
  );
}

/** Whether a request wants its red frame: rescue, or the last third of what is due. */
export function isPressing(row: Row, now: number): boolean {
  const next = nextOf(row);
  return row.urgency === 'rescue' || (next !== null && next.due_ms - now < next.span_ms / 3);
}

/** A deadline's outcome in words. */
export function deadlineWords(one: Deadline, zone: string, now: number): string {
  return [whatWords(one), one.clause, moment(one.due_ms, zone, now)].filter(Boolean).join(' · ');
}

/** What happened, in words. */
export function happenedWords(event: Happened): string {
  const key = event.kind === 'followed' ? `desk.event.followed.${event.detail['satisfied'] === true ? 'yes' : 'no'}` : event.kind === 'stopped' && event.detail['how'] === 'open' ? 'desk.event.back' : `desk.event.${event.kind}`;
  const word = isTextKey(key) ? tc(key as ConsoleKey) : event.kind;
  const more = event.kind === 'offered' ? String(event.detail['to'] ?? '') : '';
  return more ? `${word} ${more}` : word;
}
