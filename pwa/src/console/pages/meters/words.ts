/** What meters and their readings are called on the screen. */
import { tc } from '../../../i18n/console';
import type { Tone } from '../../../ui/State';
import type { IconName } from '../../../ui/icons';
import type { Limits } from '../../types';
import type { Level, Mark, Meter } from './types';

/** A value with its unit. */
export function withUnit(value: string, unit: string): string {
  return unit ? `${value} ${unit}` : value;
}

/** How a level looks: its word is `level.…`. */
export const levelLooks: Record<Level, { tone: Tone; icon: IconName }> = {
  normal: { tone: 'good', icon: 'st-done' },
  warning: { tone: 'warn', icon: 'rc-marked' },
  alarm: { tone: 'bad', icon: 'rc-attention' },
};

/** A mark in words. */
export function markWord(mark: Mark): string {
  return tc(`meter.mark.${mark}`);
}

/** Limits as a sentence: what is normal, and where the alarm begins. */
export function limitsWords(limits: Limits, unit: string): string {
  const within = span(limits.warn_low ?? limits.alarm_low, limits.warn_high ?? limits.alarm_high);
  if (within === null) return tc('meter.limits.none');
  const words = [tc('meter.limits.normal', { v: withUnit(within, unit) })];
  const beyond = [limits.alarm_low && `< ${limits.alarm_low}`, limits.alarm_high && `> ${limits.alarm_high}`].filter(Boolean);
  if (beyond.length > 0) words.push(tc('meter.limits.alarm', { v: beyond.join(tc('meter.or')) }));
  return words.join(' · ');
}

function span(low: string | undefined, high: string | undefined): string | null {
  if (low !== undefined && high !== undefined) return `${low}–${high}`;
  if (low !== undefined) return `≥ ${low}`;
  return high === undefined ? null : `≤ ${high}`;
}

/** The limits that hold on a day (`MM-DD`), as `sync/meters.py` says. */
export function limitsOn(meter: Pick<Meter, 'limits' | 'seasons'>, day: string): Limits {
  const inside = (from: string, to: string) => (from <= to ? from <= day && day <= to : day >= from || day <= to);
  return meter.seasons.find((season) => inside(season.from, season.to))?.limits ?? meter.limits;
}
