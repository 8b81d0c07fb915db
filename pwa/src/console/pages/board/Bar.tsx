import { tc } from '../../../i18n/console';
import { clockTime } from '../../../i18n/format';
import { Icon } from '../../../ui/Icon';
import { occurrenceLooks } from '../../../ui/State';
import { to } from '../../route';
import type { BoardWindow } from '../../types';
import type { Position } from './layout';

// what does not fit into a bar moves to its name and to the legend; for the widest of the system fonts
const ICON_PX = 22;
const DIGIT_PX = 8.4;
/** The thick edge of a round that came in part. */
const EDGE_PX = 9;
/** The small sign of a fault. */
const FAULT_PX = 16;

export type BarProps = { window: BoardWindow; position: Position; siteId: string; zone: string; dim: boolean; lanePx: number };

/** One window on the time line: how sure we are is its fill. A link, named for those who do not see it. */
export function Bar({ window, position, siteId, zone, dim, lanePx }: BarProps) {
  const { state } = window;
  const { tone, icon } = occurrenceLooks[state];
  const { a, b, l, p } = position;
  const figure = figureOf(window);
  return (
    <li
      class="win"
      data-s={state}
      data-tone={tone}
      data-dim={dim ? '' : undefined}
      style={{ '--a': a.toFixed(4), '--b': b.toFixed(4), '--l': l.toFixed(4), '--p': p.toFixed(3) }}
    >
      <a href={to(siteId, 'rounds', window.occurrence)}>
        <span class="vh">{nameOf(window, zone)}</span>
        <Icon name={icon} />
        {figure !== '' && fits(figure, (b - a) * lanePx - (state === 'partial' ? EDGE_PX : 0) - (window.faults > 0 ? FAULT_PX : 0) - (window.stand_ins.length > 0 ? FAULT_PX : 0)) && (
          <span class="c" aria-hidden="true">
            {figure}
          </span>
        )}
        <span class="w" aria-hidden="true">
          <span class="num">{clockTime(window.from_ms, zone)}</span> {tc(occurrenceLooks[state].word)} {figure}
        </span>
        {window.faults > 0 && <Icon name="report" />}
        {window.stand_ins.length > 0 && <Icon name="users" />}
      </a>
    </li>
  );
}

function figureOf(window: BoardWindow): string {
  if (window.state === 'excused') return window.excused?.why ?? '';
  if (window.state === 'upcoming' || window.state === 'missed' || window.total === 0) return '';
  return `${window.done}/${window.total}`;
}

/** `代班 王建国`; empty when everybody walked their own. */
export function standInWords({ stand_ins: taken }: Pick<BoardWindow, 'stand_ins'>): string {
  const names = [...new Set(taken.map((one) => one.person.name))];
  return names.length > 0 ? tc('window.stand_in', { name: names.join(tc('list.and')) }) : '';
}

function countOf({ state, done, total }: BoardWindow): string {
  if (total === 0) return '';
  return state === 'upcoming' ? tc('window.stops', { n: total }) : `${done}/${total}`;
}

// a reason may be cut, a number may not
function fits(figure: string, px: number): boolean {
  const isNumber = /^[\d/]+$/.test(figure);
  return isNumber ? ICON_PX + figure.length * DIGIT_PX <= px : px >= ICON_PX + 36;
}

/** `22:00 至 23:30，进行中，5/7`. */
export function nameOf(window: BoardWindow, zone: string): string {
  const parts = [
    tc('window.stretch', { a: clockTime(window.from_ms, zone), b: clockTime(window.to_ms, zone) }),
    tc(occurrenceLooks[window.state].word),
    window.state === 'excused' ? figureOf(window) : countOf(window),
    window.state === 'late' && window.end_ms !== null ? tc('window.last', { time: clockTime(window.end_ms, zone) }) : '',
    window.faults > 0 ? tc('window.faults', { n: window.faults }) : '',
    standInWords(window),
  ];
  return parts.filter((part) => part !== '').join(tc('list.comma'));
}
