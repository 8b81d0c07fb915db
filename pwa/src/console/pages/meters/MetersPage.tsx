import { tc } from '../../../i18n/console';
import { span } from '../../../i18n/format';
import { langOf, say } from '../../../i18n/label';
import { Chip } from '../../../ui/State';
import { stamp } from '../../dates';
import { FindPage, ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import { place, setQuery, to } from '../../route';
import type { PageProps, SiteRef } from '../../types';
import { MeterForm } from './MeterForm';
import type { Meter } from './types';
import { levelLooks, withUnit } from './words';

const FILTERS = ['over', 'marked', 'old', 'retired'] as const;
type Filter = (typeof FILTERS)[number];
/** A meter that nobody has read for so long stands under *not read*. */
const OLD_MS = 7 * 86_400_000;

/** The meters of a site: what each showed last, how old that is, and which want a look. */
export function MetersPage({ site, id }: PageProps) {
  const meters = useThings<Meter>(site.id, 'meters');
  if (id === null) return <List site={site} meters={meters} />;
  if (id === 'new') return <MeterForm site={site} meter={null} meters={meters.value ?? []} assetId={place.value.query['asset'] ?? null} />;
  return (
    <FindPage load={meters} pick={(one) => one.id === id} title={tc('nav.meters')} back={{ href: to(site.id, 'meters'), word: tc('nav.meters') }}>
      {(meter) => <MeterForm key={meter.id} site={site} meter={meter} meters={meters.value ?? []} assetId={null} />}
    </FindPage>
  );
}

function List({ site, meters }: { site: SiteRef; meters: ReturnType<typeof useThings<Meter>> }) {
  const now = Date.now();
  const chosen = FILTERS.find((one) => one === place.value.query['show']) ?? null;
  const fits: Record<Filter, (one: Meter) => boolean> = {
    over: (one) => !one.retired && one.over_ms !== null,
    marked: (one) => one.marked > 0,
    old: (one) => !one.retired && (one.last === null || now - one.last.at_ms > OLD_MS),
    retired: (one) => one.retired,
  };
  const rank = (one: Meter) => (one.retired ? 9 : one.last?.level === 'alarm' ? 0 : one.over_ms !== null ? 1 : one.marked > 0 ? 2 : 3);
  return (
    <ListPage title={tc('nav.meters')} needs="change.assets" newHref={newOf(site.id, 'meters')} newWord={tc('meter.new')} loads={[meters]}>
      {() => {
        const all = meters.value!;
        if (all.length === 0) return <NoThings icon="gauge" title={tc('meters.empty')} why={tc('meters.empty.why')} href={newOf(site.id, 'meters')} act={tc('meter.new')} needs="change.assets" />;
        const rows = all
          .filter((one) => (chosen ? fits[chosen](one) : !one.retired))
          .sort((a, b) => rank(a) - rank(b) || a.asset.number.localeCompare(b.asset.number, 'zh', { numeric: true }) || a.key.localeCompare(b.key));
        return (
          <>
            <div class="filters" role="group" aria-label={tc('meters.filter')}>
              <button type="button" class="fil" aria-pressed={chosen === null} onClick={() => setQuery({ show: null })}>
                {tc('meters.all')} <b class="num">{all.filter((one) => !one.retired).length}</b>
              </button>
              {FILTERS.map((one) => (
                <button key={one} type="button" class="fil" aria-pressed={chosen === one} onClick={() => setQuery({ show: chosen === one ? null : one })}>
                  {tc(`meters.${one}`)} <b class="num">{all.filter(fits[one]).length}</b>
                </button>
              ))}
            </div>
            {rows.length === 0 ? (
              <NoThings icon="gauge" title={tc('meters.none')} why={tc('meters.none.why')} />
            ) : (
              <Table
                caption={tc('nav.meters')}
                rows={rows}
                quiet={(one) => one.retired}
                columns={[
                  { head: tc('meter.asset'), wide: true, cell: (one) => <a href={to(site.id, 'assets', one.asset.id, { meter: one.key })} lang={langOf(one.asset.name)}>{say(one.asset.name)}</a> },
                  { head: tc('meter.name'), cell: (one) => <span lang={langOf(one.name)}>{say(one.name)}</span> },
                  { head: tc('meter.last'), number: true, cell: (one) => (one.last ? <b class="num">{withUnit(one.last.value, one.unit)}</b> : '—') },
                  { head: tc('meter.state'), cell: (one) => (one.last ? <Chip tone={levelLooks[one.last.level].tone} icon={levelLooks[one.last.level].icon}>{tc(`level.${one.last.level}`)}</Chip> : '—') },
                  { head: tc('meter.read'), tight: true, cell: (one) => (one.last ? <><span class="num">{stamp(one.last.at_ms, site.time_zone)}</span> <small>{tc('meter.ago', { span: span(now - one.last.at_ms) })}</small></> : tc('meter.never')) },
                  { head: tc('meter.marked'), cell: (one) => (one.marked > 0 ? <Chip tone="unsure" icon="st-unproven">{tc('meter.look', { n: one.marked })}</Chip> : '') },
                ]}
              />
            )}
          </>
        );
      }}
    </ListPage>
  );
}
