import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Chip } from '../../../ui/State';
import { useLoad } from '../../model/load';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, SiteSwitch } from '../../parts/Page';
import { NoThings, Table } from '../../parts/things';
import { place, setQuery, to } from '../../route';
import type { SiteRef } from '../../types';
import { Tabs } from './Tabs';
import type { Duty } from './types';
import { DUTY_LOOKS, leftWords } from './words';

const WITHIN = ['30', '90', 'all', 'special'] as const;

/** What is due at the site: tests and calibrations, the longest over first; the register of special equipment to print. */
export function DutiesPage({ site }: { site: SiteRef }) {
  const chosen = WITHIN.find((one) => one === place.value.query['within']) ?? '30';
  const query = chosen === 'special' ? '?special=true' : chosen === 'all' ? '' : `?within=${chosen}`;
  const duties = useLoad<{ duties: Duty[] }>(`/sites/${site.id}/duties${query}`);
  const list = duties.value?.duties ?? null;
  return (
    <Page title={tc(chosen === 'special' ? 'duties.special.title' : 'duties.title')} side={<SiteSwitch />}>
      <Tabs siteId={site.id} here="due" />
      <div class="filters" role="group" aria-label={tc('duties.within')}>
        {WITHIN.map((one) => (
          <button key={one} type="button" class="fil" aria-pressed={one === chosen} onClick={() => setQuery({ within: one === '30' ? null : one })}>
            {tc(`duties.within.${one}`)}
          </button>
        ))}
      </div>
      {list === null ? (
        duties.problem ? <Failure problem={duties.problem} onAgain={duties.reload} /> : <Waiting />
      ) : list.length === 0 ? (
        <NoThings icon="check" title={tc('duties.nothing')} why={tc('duties.nothing.why')} href={to(site.id, 'assets')} act={tc('nav.assets')} needs="see.assets" />
      ) : (
        <Table
          caption={tc('duties.title')}
          rows={list}
          columns={[
            { head: tc('duty.due'), tight: true, cell: (one) => <span class="num">{one.next_on}</span> },
            { head: tc('duty.left.head'), cell: (one) => <Chip tone={DUTY_LOOKS[one.state].tone} icon={DUTY_LOOKS[one.state].icon}>{leftWords(one)}</Chip> },
            { head: tc('duty.asset'), wide: true, cell: (one) => <a href={to(site.id, 'assets', one.asset.id)} lang={langOf(one.asset.name)}>{`${one.asset.number} ${say(one.asset.name)}`}</a> },
            { head: tc('duty.what'), cell: (one) => <span lang={langOf(one.name)}>{say(one.name)}</span> },
            ...(chosen === 'special' ? [{ head: tc('asset.registration'), cell: (one: Duty) => one.registration || '—' }] : []),
            { head: tc('duty.cycle'), cell: (one) => tc('duty.every', { n: one.every_months }) },
            { head: tc('duty.last.head'), cell: (one) => (one.done[0] ? `${one.done[0].done_on} ${one.done[0].number}` : '—') },
            { head: tc('duty.by'), cell: (one) => one.done[0]?.by || '—' },
          ]}
        />
      )}
    </Page>
  );
}
