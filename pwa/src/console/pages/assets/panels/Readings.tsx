import type { FunctionComponent } from 'preact';
import { useState } from 'preact/hooks';
import { tc } from '../../../../i18n/console';
import { langOf, say } from '../../../../i18n/label';
import { Button } from '../../../../ui/Button';
import { dayOf } from '../../../dates';
import { useLoad } from '../../../model/load';
import { may } from '../../../model/may';
import { Failure } from '../../../parts/Answers';
import { Lazy } from '../../../parts/Lazy';
import { Panel } from '../../../parts/Page';
import { place, to } from '../../../route';
import type { Meter } from '../../meters/types';
import { limitsOn, limitsWords, withUnit } from '../../meters/words';
import type { AssetPanelProps } from '../types';

const series = () => import('../../meters/Series').then((m) => m.Series);

/** The meters of an asset: one at a time, with its chart. The one beyond its limits comes first. */
export const Readings: FunctionComponent<AssetPanelProps> = ({ site, asset }) => {
  const loaded = useLoad<{ meters: Meter[] }>(`/sites/${site.id}/meters?asset=${asset.id}`);
  const [chosen, setChosen] = useState<string | null>(place.peek().query['meter'] ?? null);
  if (!may('see.assets')) return null;
  if (loaded.value === null) return loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : null;
  const { meters } = loaded.value;
  const newHref = to(site.id, 'meters', 'new', { asset: asset.id });
  if (meters.length === 0) {
    if (!may('change.assets')) return null;
    return (
      <Panel title={tc('meters.of_asset')}>
        <p class="meta">{tc('meters.of_asset.none')}</p>
        <div class="acts"><Button icon="plus" href={newHref}>{tc('meter.new')}</Button></div>
      </Panel>
    );
  }
  const first = [...meters].sort((a, b) => rank(a) - rank(b))[0]!;
  const meter = meters.find((one) => one.key === chosen) ?? first;
  const today = limitsOn(meter, dayOf(Date.now(), site.time_zone).slice(5));
  return (
    <Panel title={withUnit(say(meter.name), meter.unit)} fact={limitsWords(today, meter.unit)}>
      {(meters.length > 1 || may('change.assets')) && (
        <div class="filters mpick" role="group" aria-label={tc('meters.of_asset')}>
          {meters.map((one) => (
            <button key={one.id} type="button" class="fil" aria-pressed={one.id === meter.id} onClick={() => setChosen(one.key)} lang={langOf(one.name)}>
              {say(one.name)}
              {one.last && <b class="num">{withUnit(one.last.value, one.unit)}</b>}
              {one.over_ms !== null && <small>{tc(`level.${one.last?.level ?? 'normal'}`)}</small>}
            </button>
          ))}
          {may('change.assets') && <Button icon="plus" href={newHref}>{tc('meter.new')}</Button>}
        </div>
      )}
      <Lazy load={series} props={{ siteId: site.id, zone: site.time_zone, meter, onChanged: loaded.reload }} />
    </Panel>
  );
};

function rank(meter: Meter): number {
  if (meter.retired) return 9;
  if (meter.last?.level === 'alarm') return 0;
  return meter.over_ms !== null ? 1 : 2;
}
