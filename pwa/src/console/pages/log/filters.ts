/** The filters of the patrol log as they stand in the address, and as the API wants them. Pure. */
import { addDays, dayOf, isDay, momentOf } from '../../dates';
import type { Query } from '../../route';

export type Filters = {
  /** The first and the last day, in the site's zone and by its start of day. */
  from: string;
  to: string;
  plan: string;
  person: string;
  checkpoint: string;
  faulty: boolean;
  marked: boolean;
  before: string;
};

/** Read the filters; without days they are today and yesterday. */
export function readFilters(query: Query, zone: string, startMin: number, now: number): Filters {
  const today = dayOf(now, zone, startMin);
  const to = isDay(query['to']) ? query['to'] : today;
  const from = isDay(query['from']) ? query['from'] : addDays(to, -1);
  return {
    from: from <= to ? from : to,
    to,
    plan: query['plan'] ?? '',
    person: query['person'] ?? '',
    checkpoint: query['checkpoint'] ?? '',
    faulty: query['faulty'] === 'true',
    marked: query['marked'] === 'true',
    before: query['before'] ?? '',
  };
}

/** The query of the API for these filters. */
export function askFor(filters: Filters, zone: string, startMin: number, limit: number): string {
  const ask = new URLSearchParams();
  ask.set('from', String(momentOf(filters.from, startMin, zone)));
  ask.set('to', String(momentOf(addDays(filters.to, 1), startMin, zone)));
  for (const name of ['plan', 'person', 'checkpoint', 'before'] as const) if (filters[name] !== '') ask.set(name, filters[name]);
  if (filters.faulty) ask.set('faulty', 'true');
  if (filters.marked) ask.set('marked', 'true');
  ask.set('limit', String(limit));
  return ask.toString();
}

/** Whether anything but the days narrows the list. */
export function narrows(filters: Filters): boolean {
  return filters.plan !== '' || filters.person !== '' || filters.checkpoint !== '' || filters.faulty || filters.marked;
}
