import { tc, type ConsoleKey } from '../../../i18n/console';
import { span } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { isTextKey } from '../../../i18n/t';
import { Icon } from '../../../ui/Icon';
import { stamp } from '../../dates';
import { useLoad } from '../../model/load';
import { Panel } from '../../parts/Page';
import { sitePages, to } from '../../route';
import type { SiteRef } from '../../types';
import { shareWords, VerdictWord } from './parts';
import type { ServedPart, ServedRow } from './types';

/** The clauses that no round serves: deadlines, tests, cards, records, take-over, lifts, lamps. Each figure opens to what stands behind it. */
export function Served({ site, period }: { site: SiteRef; period: string }) {
  const found = useLoad<{ rows: ServedRow[] }>(`/sites/${site.id}/report/served?period=${encodeURIComponent(period)}`);
  if (found.value === null || found.value.rows.length === 0) return null;
  return (
    <Panel title={tc('served.title')} fact={tc('served.fact')} flush class="below">
      <ul class="served">
        {found.value.rows.map((row) => (
          <Row key={`${row.demand.id} ${row.measure}`} row={row} site={site} />
        ))}
      </ul>
    </Panel>
  );
}

function Row({ row, site }: { row: ServedRow; site: SiteRef }) {
  const { demand, measure } = row;
  const head = (
    <>
      <b class="code">{demand.id}</b>
      <span class="grow">
        <b>{demand.text ? say(demand.text) : demand.id}</b>
        <small>{[demand.figure ? say(demand.figure) : '', countsOf(row), row.scored ? '' : tc('served.not_scored')].filter(Boolean).join(' · ')}</small>
      </span>
      <span class="rng num">{shareWords(row.low, row.high)}</span>
      <VerdictWord verdict={row.verdict} lacking={row.late + row.missed} />
    </>
  );
  if (row.behind.length === 0) return <li class="served__row">{head}</li>;
  return (
    <li>
      <details>
        <summary class="served__row">
          {head}
          <Icon name="down" />
        </summary>
        <ul class="served__parts">
          {row.behind.map((part) => (
            <li key={`${part.kind} ${part.id} ${part.due_ms}`} data-tone={part.state === 'kept' ? 'good' : part.state === 'late' || part.state === 'missed' ? 'bad' : 'unsure'}>
              <Named part={part} siteId={site.id} />
              <span>{wordsOf(part, measure, site.time_zone)}</span>
            </li>
          ))}
        </ul>
        {row.due > row.behind.length && <p class="panel__b meta">{tc('served.more', { n: row.behind.length, m: row.due })}</p>}
      </details>
    </li>
  );
}

function countsOf(row: ServedRow): string {
  const counts = (['late', 'missed', 'unheard', 'unproven'] as const).filter((state) => row[state] > 0).map((state) => `${tc(`served.${state}`)} ${row[state]}`);
  return [tc(`served.${row.measure}`, { n: row.due, m: row.kept }), ...(row.measure === 'deadlines' ? counts : [])].join(' · ');
}

function wordsOf(part: ServedPart, measure: ServedRow['measure'], zone: string): string {
  if (measure === 'lifts') return part.down_ms ? tc('served.down', { time: span(part.down_ms), n: part.failures ?? 0 }) : tc('served.ran');
  if (measure === 'lamps') return [tc('served.lit', { n: Number(part.total) - Number(part.out), m: part.total ?? '' }), part.due_ms === null ? '' : stamp(part.due_ms, zone)].filter(Boolean).join(' · ');
  if (measure === 'logs') return [part.has.length === 0 ? tc('served.none') : tc('served.has', { what: part.has.map(sortWord).join(tc('list.and')) }), part.lacks.length === 0 ? '' : tc('served.lacks', { what: part.lacks.map(sortWord).join(tc('list.and')) })].filter(Boolean).join(' · ');
  if (measure === 'takeover') return [tc(`takeover.found.${(part.has[0] ?? 'open') as 'open'}`), part.due_ms === null ? '' : stamp(part.due_ms, zone)].filter(Boolean).join(' · ');
  if (measure === 'cards' || measure === 'papers') return part.lacks.length === 0 ? tc('served.whole') : tc('served.lacks', { what: part.lacks.map(memberWord).join(tc('list.and')) });
  return [tc(`served.${part.state}`), part.due_ms === null ? '' : tc('served.due', { time: stamp(part.due_ms, zone) })].filter(Boolean).join(' · ');
}

function sortWord(sort: string): string {
  return memberWord(`log_${sort}`);
}

function memberWord(member: string): string {
  const key = `served.member.${member}`;
  return isTextKey(key) ? tc(key as ConsoleKey) : member;
}

/** A shared part or a paper has a name of the console's, an asset its own. */
function itemWord({ id, name }: ServedPart): string {
  const key = `takeover.item.${id}`;
  return isTextKey(key) ? tc(key as ConsoleKey) : say(name);
}

/** Where it is shown; a page that this console does not have is no link. */
function Named({ part, siteId }: { part: ServedPart; siteId: string }) {
  if (part.kind === 'takeover') return <a href={to(siteId, 'assets', 'takeover')}>{itemWord(part)}</a>;
  const page = sitePages.find((one) => one === `${part.kind}s`);
  return page ? <a href={to(siteId, page, part.id)}>{say(part.name)}</a> : <span>{say(part.name)}</span>;
}
