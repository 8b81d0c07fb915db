import { tc, type ConsoleKey } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { isTextKey } from '../../../i18n/t';
import type { HeardDevice, Round } from '../../types';

/** Why the round is in its state, as a sentence; the server names the sentence and gives the figures. */
export function whySentence(round: Pick<Round, 'why' | 'to_ms' | 'grace_ms'>, zone: string): string {
  const { key, params } = round.why;
  const now = round.to_ms;
  const time = (value: unknown) => (typeof value === 'number' ? moment(value, zone, now) : '');
  const figures: Record<string, string | number> = {
    done: Number(params['done'] ?? 0),
    total: Number(params['total'] ?? 0),
    claimed: Number(params['claimed'] ?? 0),
    end: time(params['end_ms']),
    to: time(params['to_ms']),
    by: time(round.to_ms + round.grace_ms),
    why: typeof params['why'] === 'string' ? params['why'] : '',
    phones: phonesText(params['phones'], zone, now),
  };
  const name = `why.${key}`;
  return isTextKey(name) ? tc(name as ConsoleKey, figures) : '';
}

function phonesText(phones: unknown, zone: string, now: number): string {
  if (!Array.isArray(phones)) return String(phones ?? 0);
  return (phones as HeardDevice[])
    .map((phone) =>
      phone.heard_ms === null
        ? tc('why.phone.never', { phone: phone.name })
        : tc('why.phone', { phone: phone.name, time: moment(phone.heard_ms, zone, now) }),
    )
    .join(tc('list.and'));
}
