import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Chip } from '../../../ui/State';
import { EstimateAndInterval } from '../../../ui/TimeInterval';
import { addDays, dayOf, longDay, momentOf, stamp } from '../../dates';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, Panel, SiteSwitch } from '../../parts/Page';
import { to } from '../../route';
import type { FindingRow, PageProps, QuarantineRow, SiteRef } from '../../types';
import { codeWord, findingWord, recordKind } from '../../words';

const DAYS = 30;

/** What a person must look at: records that were set aside, and what was found wrong. */
export function AttentionPage({ site }: PageProps) {
  return (
    <Page title={tc('nav.attention')} side={<SiteSwitch />}>
      <div class="stack">
        {may('see.quarantine') && <Quarantine site={site} />}
        <Findings site={site} />
      </div>
    </Page>
  );
}

function Quarantine({ site }: { site: SiteRef }) {
  const { value, problem, reload } = useLoad<{ records: QuarantineRow[] }>(`/sites/${site.id}/quarantine`);
  return (
    <Panel title={tc('quarantine.title')} fact={value ? tc('todo.count', { n: value.records.length }) : undefined} flush>
      {!value ? (
        problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />
      ) : value.records.length === 0 ? (
        <p class="panel__b meta">{tc('quarantine.none')}</p>
      ) : (
        <>
          <p class="panel__b meta">{tc('quarantine.why')}</p>
          <ul class="todo">
            {value.records.map((record) => (
              <li key={record.hash} data-tone="bad">
                <Chip tone="bad" icon="rc-attention">{codeWord(record.code ?? 'schema')}</Chip>
                <strong>
                  {record.device.name} · {record.seq === null ? '' : `#${record.seq} · `}
                  {recordKind(record.type ?? '')}
                </strong>
                <p>{tc('quarantine.received', { time: stamp(record.received_ms, site.time_zone) })}</p>
                <details>
                  <summary>{tc('raw.title')}</summary>
                  <p class="code">{record.hash}</p>
                  <pre class="raw code">{record.body}</pre>
                </details>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function Findings({ site }: { site: SiteRef }) {
  const zone = site.time_zone;
  const from = momentOf(addDays(dayOf(Date.now(), zone), -DAYS), 0, zone);
  const { value, problem, reload } = useLoad<{ findings: FindingRow[] }>(`/sites/${site.id}/findings?from=${from}`);
  return (
    <Panel title={tc('findings.title')} fact={tc('findings.span', { n: DAYS })} flush>
      {!value ? (
        problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />
      ) : value.findings.length === 0 ? (
        <p class="panel__b meta">{tc('findings.none')}</p>
      ) : (
        <table class="stack">
          <caption class="vh">{tc('findings.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{tc('findings.what')}</th>
              <th scope="col">{tc('log.place')}</th>
              <th scope="col">{tc('log.time')}</th>
              <th scope="col">{tc('log.who')}</th>
              <th scope="col">{tc('findings.where')}</th>
            </tr>
          </thead>
          <tbody>
            {value.findings.map((finding) => (
              <tr key={finding.id}>
                <td class="w">
                  <Chip tone={finding.level === 'alarm' || finding.urgency === 'urgent' ? 'bad' : 'warn'} icon={finding.level === 'alarm' ? 'rc-attention' : 'report'}>
                    {findingWord(finding)}
                  </Chip>{' '}
                  {finding.label && <b>{say(finding.label)}</b>} {finding.value !== null && `${finding.value} ${finding.unit ?? ''}`.trim()}
                  {finding.urgency === 'urgent' && <small>{tc('find.urgent')}</small>}
                </td>
                <td>{finding.place ? `${finding.place.number} ${say(finding.place.name)}` : tc('find.where.none')}</td>
                <td>
                  <EstimateAndInterval lower={finding.lower_ms} upper={finding.upper_ms} estimate={finding.estimate_ms} quality={finding.quality} zone={zone} now={finding.estimate_ms} />
                  <small>{longDay(finding.estimate_ms, zone)}</small>
                </td>
                <td class="nb">{finding.person?.name ?? '—'}</td>
                <td>
                  {finding.visit !== null ? (
                    <a href={to(site.id, 'visits', finding.visit)}>{tc('evidence.title')}</a>
                  ) : finding.occurrence !== null ? (
                    <a href={to(site.id, 'rounds', finding.occurrence)}>{tc('round.title')}</a>
                  ) : (
                    finding.device.name
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
