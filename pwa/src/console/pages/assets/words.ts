/** States, kinds and shares of the register in words. */
import { tc } from '../../../i18n/console';
import type { StateLook } from '../../../ui/State';
import type { AssetState } from '../../types';
import type { Duty, Found } from './types';

export const STATE_LOOKS: Record<AssetState, StateLook> = {
  running: { tone: 'good', icon: 'st-done', word: 'card.state.running' },
  stopped: { tone: 'bad', icon: 'st-missed', word: 'card.state.stopped' },
  standby: { tone: 'calm', icon: 'st-upcoming', word: 'card.state.standby' },
  retired: { tone: 'calm', icon: 'st-excused', word: 'card.state.retired' },
};

export const DUTY_LOOKS: Record<Duty['state'], StateLook> = {
  over: { tone: 'bad', icon: 'st-missed', word: 'state.missed' },
  soon: { tone: 'warn', icon: 'clock', word: 'state.open' },
  ahead: { tone: 'calm', icon: 'st-upcoming', word: 'state.upcoming' },
};

export const FOUND_LOOKS: Record<Found, StateLook> = {
  there: { tone: 'good', icon: 'st-done', word: 'state.done' },
  defect: { tone: 'warn', icon: 'rc-marked', word: 'state.open' },
  missing: { tone: 'bad', icon: 'st-missed', word: 'state.missed' },
};

/** How many days are left, or since how many it is over. */
export function leftWords({ days_left: days }: Pick<Duty, 'days_left'>): string {
  if (days === 0) return tc('duty.today');
  return days < 0 ? tc('duty.late', { n: -days }) : tc('duty.left', { n: days });
}

/** `96.4 %`; a dash where nothing was watched. */
export function percent(share: string | number | null): string {
  return share === null ? '—' : `${(Number(share) * 100).toFixed(1)} %`;
}
