import { tc } from '../../../i18n/console';
import { clockTime } from '../../../i18n/format';
import { t } from '../../../i18n/t';
import type { RoundStop } from '../../types';

/** What a stop asks for beside its scan and its form, in words. */
export function termFacts(stop: RoundStop, zone: string): string[] {
  return [
    ...(stop.window ? [tc('stop.own_window', { window: `${clockTime(stop.window.from_ms, zone)}–${clockTime(stop.window.to_ms, zone)}` })] : []),
    ...(stop.dwell_s ? [tc('route.dwell.say', { n: stop.dwell_s })] : []),
    ...(stop.certificate ? [t(`cert.${stop.certificate}`)] : []),
    ...(stop.both ? [tc('stop.both')] : []),
  ];
}

/** Why a stop is only claimed, and that only one of a crew scanned. */
export function doubtWords(stop: RoundStop): string {
  const words = (stop.doubts ?? []).map((doubt) => tc(`doubt.${doubt}`));
  return [...words, ...(stop.alone ? [tc('stop.alone')] : [])].join(' · ');
}
