import type { FunctionComponent } from 'preact';
import { tc } from '../../../../i18n/console';
import { langOf, say } from '../../../../i18n/label';
import { dayOf } from '../../../dates';
import { useLoad } from '../../../model/load';
import { mayAt } from '../../../model/may';
import { Refusal, Waiting } from '../../../parts/Answers';
import { Panel } from '../../../parts/Page';
import { to } from '../../../route';
import { signed, type AssetParts } from '../../parts/types';
import type { AssetPanelProps } from '../types';

const SHOWN = 8;

/** The parts that were built into an asset, and what they cost. */
export const Parts: FunctionComponent<AssetPanelProps> = ({ site, asset }) => {
  const seen = mayAt(site, 'see.assets');
  const load = useLoad<AssetParts>(seen ? `/sites/${site.id}/assets/${asset.id}/parts` : null);
  if (!seen) return null;
  const found = load.value;
  return (
    <Panel title={tc('nav.parts')} fact={found && found.parts.length > 0 ? `¥ ${found.cost}` : undefined}>
      <Refusal problem={load.problem} />
      {found === null && !load.problem && <Waiting />}
      {found?.parts.length === 0 && <p class="meta">{tc('part.asset.none')}</p>}
      {found?.parts.slice(0, SHOWN).map((one, n) => (
        <div key={n} class="listed">
          <a href={to(site.id, 'parts', one.part)} lang={langOf(one.name)}>{say(one.name)}</a>{' '}
          <b class="num">{`${signed(one.quantity, true)} ${one.unit}`}</b>
          <small class="line2">
            <span class="num">{dayOf(one.at_ms, site.time_zone)}</span> · {tc(`part.why.${one.why}`)}
            {one.person ? ` · ${one.person}` : ''}
          </small>
        </div>
      ))}
      {found && found.unpriced > 0 && <p class="meta">{tc('costs.unpriced', { n: found.unpriced })}</p>}
    </Panel>
  );
};
