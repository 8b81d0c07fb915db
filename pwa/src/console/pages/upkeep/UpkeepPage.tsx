import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { dayOf } from '../../dates';
import { ListPage, newOf, NoThings, Table } from '../../parts/things';
import { place, setQuery, to } from '../../route';
import type { PageProps, SiteRef } from '../../types';
import { useRules } from './load';
import { RulePage } from './RulePage';
import type { Thread, UpkeepRule } from './types';
import { UpkeepEditor } from './UpkeepEditor';
import { Standing, Thing, whenWords } from './words';
import { YearPage } from './YearPage';

/** Preventive maintenance: what is due when, by which rule, and the plan of a year. */
export function UpkeepPage({ site, id }: PageProps) {
  if (id === null) return <List site={site} />;
  if (id === 'year') return <YearPage site={site} />;
  if (id === 'new' || place.value.query['edit'] !== undefined) return <UpkeepEditor site={site} id={id} />;
  return <RulePage site={site} id={id} />;
}

type Row = { id: string; rule: UpkeepRule; thread: Thread };

function List({ site }: { site: SiteRef }) {
  const rules = useRules(`/sites/${site.id}/upkeep`);
  const { show = '' } = place.value.query;
  const year = <Button icon="plan" href={to(site.id, 'upkeep', 'year')}>{tc('upkeep.year')}</Button>;
  return (
    <ListPage title={tc('nav.upkeep')} needs="change.assets" newHref={newOf(site.id, 'upkeep')} newWord={tc('upkeep.new')} loads={[rules]} side={year}>
      {() => {
        if (rules.value!.length === 0) return <NoThings icon="clock" title={tc('upkeep.empty')} why={tc('upkeep.empty.why')} href={newOf(site.id, 'upkeep')} act={tc('upkeep.new')} needs="change.assets" />;
        const all: Row[] = rules.value!.flatMap((rule) => rule.threads.map((thread) => ({ id: `${rule.id} ${thread.thing}`, rule, thread })));
        const fits = (row: Row) => (show === 'late' ? row.thread.open?.late === true : show === 'open' ? row.thread.open !== null : true);
        const rows = all.filter(fits).sort((a, b) => rank(a) - rank(b));
        const filter = (name: string, word: string, n: number) => (
          <button type="button" class="fil" aria-pressed={show === name} onClick={() => setQuery({ show: show === name || name === '' ? null : name })}>
            {word} <b class="num">{n}</b>
          </button>
        );
        return (
          <>
            <div class="filters" role="group" aria-label={tc('parts.show')}>
              {filter('', tc('parts.show.all'), all.length)}
              {filter('late', tc('upkeep.late'), all.filter((row) => row.thread.open?.late).length)}
              {filter('open', tc('upkeep.open'), all.filter((row) => row.thread.open !== null).length)}
            </div>
            {rows.length === 0 ? (
              <p class="note">{tc('upkeep.none')}</p>
            ) : (
              <Table
                caption={tc('nav.upkeep')}
                rows={rows}
                quiet={({ rule, thread }) => rule.paused || !thread.in_use}
                columns={[
                  { head: tc('thing.name'), wide: true, cell: ({ rule }) => <a href={to(site.id, 'upkeep', rule.id)} lang={langOf(rule.name)}>{say(rule.name)}</a> },
                  { head: tc('upkeep.thing'), cell: ({ thread }) => <Thing site={site} thread={thread} /> },
                  { head: tc('upkeep.when'), cell: ({ rule }) => whenWords(rule) },
                  { head: tc('upkeep.next'), named: true, cell: ({ rule, thread }) => <Standing site={site} thread={thread} paused={rule.paused} /> },
                  { head: tc('upkeep.last'), tight: true, named: true, cell: ({ thread }) => <span class="num">{thread.last_done_ms === null ? '—' : dayOf(thread.last_done_ms, site.time_zone)}</span> },
                  { head: tc('plan.demand'), tight: true, named: true, cell: ({ rule }) => rule.demand ?? '—' },
                ]}
              />
            )}
          </>
        );
      }}
    </ListPage>
  );
}

/** What is late first, then what is open, then what comes soonest. */
function rank({ rule, thread }: Row): number {
  if (rule.paused || !thread.in_use) return 9e15;
  if (thread.open) return (thread.open.late ? 0 : 1e13) + (thread.open.order?.due_ms ?? 0) / 1e3;
  return 2e13 + (thread.next?.from_ms ?? 8e14);
}
