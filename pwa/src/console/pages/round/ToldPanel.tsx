import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { t } from '../../../i18n/t';
import { Icon } from '../../../ui/Icon';
import { occurrenceLooks } from '../../../ui/State';
import { Panel } from '../../parts/Page';
import { to } from '../../route';
import type { Told } from '../../told';
import type { Round } from '../../types';

/** What was reported of the round, state by state with the cause; nothing to see while it was told only once. */
export function ToldPanel({ round, siteId, zone }: { round: Round; siteId: string; zone: string }) {
  const told = round.reports ?? [];
  if (told.length < 2) return null;
  return (
    <Panel title={tc('told.title')} fact={tc('told.fact')}>
      <ol class="marks">
        {told.map((one, at) => (
          <li key={one.id} data-tone={occurrenceLooks[one.state].tone}>
            <Icon name={occurrenceLooks[one.state].icon} />
            <div>
              <b>
                {at < told.length - 1 ? <s>{t(occurrenceLooks[one.state].word)}</s> : t(occurrenceLooks[one.state].word)} {tc('board.count', { m: one.done, n: one.total })}
              </b>
              <p>{`${moment(one.at_ms, zone, round.to_ms)} · ${tc(`told.${one.cause}`)}`}</p>
              <Came one={one} siteId={siteId} zone={zone} now={round.to_ms} />
            </div>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Came({ one, siteId, zone, now }: { one: Told; siteId: string; zone: string; now: number }) {
  if (one.record === null || one.received_ms === null) return null;
  return (
    <p>
      {tc('told.by', { name: one.person?.name ?? '', phone: one.device?.name ?? '', time: moment(one.received_ms, zone, now) })} <a href={to(siteId, 'visits', one.record)}>{tc('told.record.link')}</a>
    </p>
  );
}

/** In words what was reported before and no longer holds, or nothing. */
export function wasReported(round: Round): string {
  const told = round.reports ?? [];
  const last = told.at(-1);
  if (!last || (last.cause !== 'record' && last.cause !== 'heard')) return '';
  const was = told.slice(0, -1).filter((one) => one.state !== 'unheard').at(-1);
  return was && was.state !== last.state ? tc('state.corrected', { state: t(occurrenceLooks[was.state].word) }) : '';
}
