/** What the rows of the audit log say, in words. */
import { tc, type ConsoleKey } from '../../../i18n/console';
import { isTextKey } from '../../../i18n/t';
import { to } from '../../route';
import type { AuditRow } from '../../types';

/** An action in words; one that the console does not know yet stays as it is called. */
export function actionWord(action: string): string {
  const key = `audit.${action}`;
  return isTextKey(key) ? tc(key as ConsoleKey) : action;
}

const KINDS = ['asset', 'checkpoint', 'device', 'enrolment', 'form', 'invitation', 'meter', 'occurrence', 'part', 'person', 'plan', 'record', 'request', 'route', 'session', 'site', 'tag', 'take', 'take_over', 'team', 'upkeep', 'visit', 'zone'] as const;

/** What it was done to: its name where there is one, else its kind and the beginning of its id. */
export function subjectWord({ subject }: AuditRow): string {
  const kind = KINDS.find((each) => each === subject.kind);
  if (!kind) return subject.name ?? '—';
  return `${tc(`audit.kind.${kind}`)} ${subject.name ?? subject.id.slice(0, 8)}`;
}

/** Where the subject is shown, if it is. */
export function subjectHref({ subject, site }: AuditRow): string | null {
  if (site === null || subject.id === '') return null;
  switch (subject.kind) {
    case 'visit':
      return to(site, 'visits', subject.id);
    case 'occurrence':
      return to(site, 'rounds', subject.id);
    case 'request':
      return to(site, 'requests', subject.id);
    case 'person':
      return to(site, 'people', subject.id);
    case 'device':
      return to(site, 'phones');
    case 'checkpoint':
      return to(site, 'places', subject.id);
    case 'asset':
      return to(site, 'assets', subject.id);
    case 'part':
      return to(site, 'parts', subject.id);
    case 'take':
      return to(site, 'parts', `take.${subject.id}`);
    case 'take_over':
      return to(site, 'assets', 'takeover');
    case 'upkeep':
      return to(site, 'upkeep', subject.id);
    case 'plan':
    case 'route':
    case 'form':
      return to(site, `${subject.kind}s`, subject.id);
    default:
      return null;
  }
}

/** The figures of a row, as `name: value`; names that the console does not know stay as they are called. */
export function detailWords(detail: Readonly<Record<string, unknown>>): string {
  return Object.entries(detail)
    .filter(([, value]) => value !== null && value !== '')
    .map(([name, value]) => `${detailName(name)}: ${detailValue(value)}`)
    .join(' · ');
}

function detailName(name: string): string {
  const key = `audit.detail.${name}`;
  return isTextKey(key) ? tc(key as ConsoleKey) : name;
}

function detailValue(value: unknown): string {
  if (typeof value === 'boolean') return tc(value ? 'audit.yes' : 'audit.no');
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
