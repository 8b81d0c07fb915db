import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { clockTimeWithSeconds } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { getFile, type Problem } from '../../api';
import { addDays, dayOf, isDay, longDay, momentOf, otherZone } from '../../dates';
import { asProblem, useLoad } from '../../model/load';
import { session } from '../../model/session';
import { Asked, Refusal } from '../../parts/Answers';
import { DaySpan, FilterRow, Pick } from '../../parts/filters';
import { Page, SiteSwitch } from '../../parts/Page';
import { save } from '../../parts/save';
import { go, place, to } from '../../route';
import type { AuditChoices, AuditPage as Rows, AuditRow, PageProps, SiteRef } from '../../types';
import { actionWord, detailWords, subjectHref, subjectWord } from './words';

const LIMIT = 50;

/** Who did what, and who looked at what: of the site, or for an administrator of everything. */
export function AuditPage({ site }: PageProps) {
  const { query } = place.value;
  const whole = query['all'] === 'true' && session.value.administrator;
  const root = whole ? '/audit' : `/sites/${site.id}/audit`;
  const which = whichOf(query, site.time_zone);
  const ask = new URLSearchParams({ ...which, limit: String(LIMIT), ...(query['before'] ? { before: query['before'] } : {}) });
  const loaded = useLoad<Rows>(`${root}?${ask.toString()}`);
  const choices = useLoad<AuditChoices>(`${root}/choices`).value;
  const [problem, setProblem] = useState<Problem | null>(null);
  const take = async (): Promise<void> => {
    try {
      setProblem(null);
      save(await getFile(`${root}/csv?${new URLSearchParams(which).toString()}`), 'audit.csv');
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <Page
      title={tc('nav.audit')}
      sub={otherZone(site.time_zone) ? site.time_zone : undefined}
      side={<SiteSwitch />}
      acts={<span class="opt"><Button icon="export" onPress={() => void take()}>{tc('audit.csv')}</Button></span>}
    >
      <Filters site={site} whole={whole} choices={choices} />
      <Refusal problem={problem} />
      <Asked loaded={loaded}>{(rows) => <Table rows={rows} site={site} whole={whole} />}</Asked>
    </Page>
  );
}

/** The filters of the address as the API wants them. */
function whichOf(query: Readonly<Record<string, string>>, zone: string): Record<string, string> {
  const which: Record<string, string> = {};
  for (const name of ['person', 'action', 'subject'] as const) if (query[name]) which[name] = query[name];
  if (isDay(query['from'])) which['from'] = String(momentOf(query['from'], 0, zone));
  if (isDay(query['to'])) which['to'] = String(momentOf(addDays(query['to'], 1), 0, zone));
  return which;
}

function Filters({ site, whole, choices }: { site: SiteRef; whole: boolean; choices: AuditChoices | null }) {
  const { query } = place.value;
  const set = (changes: Record<string, string | null>): void => go(to(site.id, 'audit', null, { ...place.peek().query, before: null, ...changes }));
  const today = dayOf(Date.now(), site.time_zone, 0);
  const narrowed = ['person', 'action', 'subject', 'from', 'to'].some((name) => query[name]);
  return (
    <FilterRow onClear={narrowed && (() => set({ person: null, action: null, subject: null, from: null, to: null }))}>
      <DaySpan from={query['from'] ?? ''} to={query['to'] ?? ''} last={query['to'] ?? today} onFrom={(from) => set({ from })} onTo={(to) => set({ to })} />
      <Pick icon="user" label={tc('log.who')} value={query['person'] ?? ''} options={(choices?.people ?? []).map((one) => [one.id, one.name])} onPick={(person) => set({ person })} />
      <Pick icon="list" label={tc('audit.what')} value={query['action'] ?? ''} options={(choices?.actions ?? []).map((one) => [one, actionWord(one)])} onPick={(action) => set({ action })} />
      {session.value.administrator && (
        <button type="button" class="fil" aria-pressed={whole} onClick={() => set({ all: whole ? null : 'true' })}>
          {tc('audit.all')}
        </button>
      )}
      {query['subject'] && (
        <button type="button" class="fil" aria-pressed={true} onClick={() => set({ subject: null })}>
          {tc('audit.subject.one')}
        </button>
      )}
    </FilterRow>
  );
}

function Table({ rows: { rows, next }, site, whole }: { rows: Rows; site: SiteRef; whole: boolean }) {
  const { query } = place.value;
  if (rows.length === 0) {
    return (
      <div class="panel">
        <Empty icon="list" title={tc('audit.empty')}>
          {tc('audit.empty.why')}
        </Empty>
      </div>
    );
  }
  return (
    <>
      <div class="tablewrap">
        <table class="stack">
          <caption class="vh">{tc('nav.audit')}</caption>
          <thead>
            <tr>
              {(['log.time', 'log.who', 'audit.what', 'audit.subject', 'audit.detail'] as const).map((key) => (
                <th key={key} scope="col">
                  {tc(key)}
                </th>
              ))}
              {whole && <th scope="col">{tc('audit.site')}</th>}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.pos} row={row} zone={site.time_zone} whole={whole} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="pager">
        <span class="meta">{tc('audit.why')}</span>
        {query['before'] && <Button icon="back" href={to(site.id, 'audit', null, { ...query, before: null })}>{tc('log.newest')}</Button>}
        {next !== null && <Button after="next" href={to(site.id, 'audit', null, { ...query, before: String(next) })}>{tc('log.older')}</Button>}
      </div>
    </>
  );
}

function Row({ row, zone, whole }: { row: AuditRow; zone: string; whole: boolean }) {
  const href = subjectHref(row);
  const at = session.value.sites.find((one) => one.id === row.site);
  return (
    <tr>
      <td class="nb num">
        {longDay(row.at_ms, zone)} {clockTimeWithSeconds(row.at_ms, zone)}
      </td>
      <td class="nb">{row.person?.name ?? tc('audit.server')}</td>
      <td>
        <b>{actionWord(row.action)}</b>
      </td>
      <td>{href ? <a href={href}>{subjectWord(row)}</a> : subjectWord(row)}</td>
      <td class="w meta">{detailWords(row.detail)}</td>
      {whole && <td>{at ? say(at.name) : '—'}</td>}
    </tr>
  );
}
