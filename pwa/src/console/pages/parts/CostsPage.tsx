import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { dayOf } from '../../dates';
import { useLoad } from '../../model/load';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, Panel, SiteSwitch } from '../../parts/Page';
import { useThings } from '../../parts/things';
import { place, setQuery, to } from '../../route';
import type { Asset, SiteRef } from '../../types';
import type { CostLine, Costs, Part } from './types';

/** What was used up of the store, at the prices in force when it was. */
export function CostsPage({ site }: { site: SiteRef }) {
  const today = dayOf(Date.now(), site.time_zone).slice(0, 7);
  const { since = `${today.slice(0, 4)}-01`, until = today } = place.value.query;
  const load = useLoad<Costs>(`/sites/${site.id}/stock/costs?since=${since}&until=${until}`);
  const parts = useThings<Part>(site.id, 'parts').value ?? [];
  const assets = useThings<Asset>(site.id, 'assets').value ?? [];
  const costs = load.value;
  const partWord = (key: string | null) => wordOf(parts, key) ?? '—';
  const assetWord = (key: string | null) => (key === null ? tc('costs.none') : (wordOf(assets, key) ?? tc('costs.none')));
  return (
    <Page title={tc('parts.costs')} crumbs={[{ href: to(site.id, 'parts'), word: tc('nav.parts') }, { word: tc('parts.costs') }]} side={<SiteSwitch />}>
      <div class="filters">
        <label class="fil fil--month">
          {tc('costs.since')}
          <input type="month" value={since} max={until} onInput={(event) => setQuery({ since: event.currentTarget.value || null })} />
        </label>
        <label class="fil fil--month">
          {tc('costs.until')}
          <input type="month" value={until} min={since} onInput={(event) => setQuery({ until: event.currentTarget.value || null })} />
        </label>
      </div>
      {costs === null ? (
        load.problem ? <Failure problem={load.problem} onAgain={load.reload} /> : <Waiting />
      ) : (
        <>
          <p class="note">
            <b class="num">¥ {costs.total}</b> · {tc('costs.total')}
            {costs.unpriced > 0 && ` · ${tc('costs.unpriced', { n: costs.unpriced })}`}
          </p>
          <div class="cols">
            <div class="stackcol">
              <Lines title={tc('costs.by_part')} lines={costs.by_part} word={partWord} href={(key) => to(site.id, 'parts', key)} />
            </div>
            <aside class="stackcol">
              <Lines title={tc('costs.by_month')} lines={costs.by_month} word={(key) => key ?? '—'} />
              <Lines title={tc('costs.by_asset')} lines={costs.by_asset} word={assetWord} href={(key) => to(site.id, 'assets', key)} />
            </aside>
          </div>
        </>
      )}
    </Page>
  );
}

function wordOf(list: readonly { id: string; number: string; name: Part['name'] }[], key: string | null): string | null {
  const found = list.find((one) => one.id === key);
  return found ? `${found.number} ${say(found.name)}` : null;
}

function Lines({ title, lines, word, href }: { title: string; lines: readonly CostLine[]; word: (key: string | null) => string; href?: (key: string) => string }) {
  return (
    <Panel title={title}>
      {lines.length === 0 ? (
        <p class="meta">{tc('costs.nothing')}</p>
      ) : (
        <dl class="dl">
          {lines.map((line) => (
            <>
              <dt>{line.key !== null && href ? <a href={href(line.key)}>{word(line.key)}</a> : word(line.key)}</dt>
              <dd class="num">¥ {line.cost}</dd>
            </>
          ))}
        </dl>
      )}
    </Panel>
  );
}
