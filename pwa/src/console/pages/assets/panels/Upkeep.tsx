import type { FunctionComponent } from 'preact';
import { tc } from '../../../../i18n/console';
import { langOf, say } from '../../../../i18n/label';
import { Button } from '../../../../ui/Button';
import { dayOf } from '../../../dates';
import { mayAt } from '../../../model/may';
import { Refusal, Waiting } from '../../../parts/Answers';
import { Panel } from '../../../parts/Page';
import { to } from '../../../route';
import { useRules } from '../../upkeep/load';
import { Standing, whenWords } from '../../upkeep/words';
import type { AssetPanelProps } from '../types';

/** The rules that keep an asset up, and what is due by them. */
export const Upkeep: FunctionComponent<AssetPanelProps> = ({ site, asset }) => {
  const seen = mayAt(site, 'see.assets');
  const rules = useRules(seen ? `/sites/${site.id}/assets/${asset.id}/upkeep` : null);
  if (!seen) return null;
  return (
    <Panel title={tc('nav.upkeep')}>
      <Refusal problem={rules.problem} />
      {rules.value === null && !rules.problem && <Waiting />}
      {rules.value?.length === 0 && <p class="meta">{tc('upkeep.asset.none')}</p>}
      {rules.value?.map((rule) => {
        const [thread] = rule.threads;
        return (
          <div key={rule.id} class="listed">
            <a href={to(site.id, 'upkeep', rule.id)} lang={langOf(rule.name)}><strong>{say(rule.name)}</strong></a>
            <small class="line2">
              {whenWords(rule)}
              {thread && thread.last_done_ms !== null ? ` · ${tc('upkeep.last')} ${dayOf(thread.last_done_ms, site.time_zone)}` : ''}
            </small>
            {thread && <div><Standing site={site} thread={thread} paused={rule.paused} /></div>}
          </div>
        );
      })}
      {mayAt(site, 'change.assets') && (
        <div class="acts below">
          <Button icon="plus" href={to(site.id, 'upkeep', 'new')}>{tc('upkeep.new')}</Button>
        </div>
      )}
    </Panel>
  );
};
