/** What the pages of the service plan say of the server's words. */
import { tc } from '../../../i18n/console';
import type { DemandKind, Daytime } from '../../model/servicePlan';

/** `白天 07:00–19:00`, or that the site has not said it. */
export function dayWords(daytime: Daytime | null): string {
  return daytime === null ? tc('service.day.unsaid') : tc('service.day', { from: clockOf(daytime.from_min), to: clockOf(daytime.to_min) });
}

/** What else than rounds carries a demand: `工单、台账`. */
export function mechanismWords(kinds: readonly DemandKind[]): string {
  return tc('service.by', { list: kinds.filter((kind) => kind !== 'R').map((kind) => tc(`service.by.${kind as Exclude<DemandKind, 'R'>}`)).join(tc('list.and')) });
}

export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/** Minutes after midnight of `07:30`; NaN where it is no time. */
export function minutesOf(clock: string): number {
  const found = /^(\d\d):(\d\d)$/.exec(clock);
  return found ? Number(found[1]) * 60 + Number(found[2]) : Number.NaN;
}
