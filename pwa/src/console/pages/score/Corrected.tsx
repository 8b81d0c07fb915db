import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { t } from '../../../i18n/t';
import { occurrenceLooks, StateWord } from '../../../ui/State';
import { longDay, stamp, stretch } from '../../dates';
import { useLoad } from '../../model/load';
import { Panel } from '../../parts/Page';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import type { CorrectedList } from './types';

/** Rounds of the period that were reported in a state which later records corrected; nothing while there are none. */
export function Corrected({ site, period }: { site: SiteRef; period: string }) {
  const found = useLoad<CorrectedList>(`/sites/${site.id}/report/corrections?period=${encodeURIComponent(period)}`);
  if (found.value === null || found.value.count === 0) return null;
  const { count, rounds } = found.value;
  return (
    <Panel title={tc('corrected.title')} fact={tc('corrected.fact', { n: count })} flush class="below">
      <p class="panel__b meta">
        {tc('corrected.why')} {count > rounds.length && tc('corrected.more', { n: rounds.length })}
      </p>
      <table class="stack">
        <caption class="vh">{tc('corrected.title')}</caption>
        <thead>
          <tr>
            <th scope="col">{tc('round.title')}</th>
            <th scope="col">{tc('corrected.head')}</th>
            <th scope="col">{tc('corrected.when')}</th>
          </tr>
        </thead>
        <tbody>
          {rounds.map((one) => (
            <tr key={one.occurrence}>
              <td class="w">
                <a href={to(site.id, 'rounds', one.occurrence)}>{`${say(one.plan)} ${longDay(one.from_ms, site.time_zone)} ${stretch(one.from_ms, one.to_ms, site.time_zone)}`}</a>
              </td>
              <td class="nb">
                <s>{t(occurrenceLooks[one.was].word)}</s> → <StateWord look={occurrenceLooks[one.state]} />
              </td>
              <td class="nb num">{stamp(one.at_ms, site.time_zone)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
