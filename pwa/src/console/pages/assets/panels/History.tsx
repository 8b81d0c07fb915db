import { useState } from 'preact/hooks';
import { tc } from '../../../../i18n/console';
import { day, moment } from '../../../../i18n/format';
import { say } from '../../../../i18n/label';
import { Button } from '../../../../ui/Button';
import { StateWord, type StateLook } from '../../../../ui/State';
import { useLoad } from '../../../model/load';
import { may } from '../../../model/may';
import { Panel } from '../../../parts/Page';
import { contentText, isClaimed, visitLook } from '../../../parts/visit';
import { to } from '../../../route';
import type { VisitPage } from '../../../types';
import type { AssetPanelProps, Duty, Running } from '../types';
import { STATE_LOOKS } from '../words';

const SHOWN = 12;
type Line = { key: string; at: number; when: string; what: string; href: string | null; content: string; look: StateLook; word: string | null; who: string };

/** What happened to the asset, newest first: looked at, stood, tested. Work orders stand in their own panel. */
export function History({ site, asset }: AssetPanelProps) {
  const [all, setAll] = useState(false);
  const visits = useLoad<VisitPage>(may('see.evidence') ? `/sites/${site.id}/visits?checkpoint=${asset.id}` : null);
  const running = useLoad<Running>(`/sites/${site.id}/assets/${asset.id}/running`);
  const duties = useLoad<{ duties: Duty[] }>(`/sites/${site.id}/assets/${asset.id}/duties`);
  const zone = site.time_zone;
  const now = running.value?.now_ms ?? Date.now();
  const lines: Line[] = [
    ...(visits.value?.visits ?? []).map((visit): Line => ({
      key: visit.id,
      at: visit.estimate_ms,
      when: `${moment(visit.estimate_ms, zone, now)}${isClaimed(visit) ? ' ?' : ''}`,
      what: visit.plan ? say(visit.plan) : tc('history.visit'),
      href: to(site.id, 'visits', visit.id),
      content: contentText(visit),
      look: visitLook(visit),
      word: null,
      who: visit.person?.name ?? '—',
    })),
    ...(running.value?.said ?? []).map((said): Line => ({
      key: said.key,
      at: said.at.estimate_ms,
      when: moment(said.at.estimate_ms, zone, now),
      what: tc('history.state'),
      href: null,
      content: [said.note ?? '', said.claimed ? tc('history.claimed', { time: moment(said.said_ms, zone, said.at.estimate_ms) }) : ''].filter(Boolean).join(' · '),
      look: STATE_LOOKS[said.state],
      word: tc(`asset.state.${said.state}`),
      who: said.person?.name ?? '—',
    })),
    ...(duties.value?.duties ?? []).flatMap((duty) =>
      duty.done.map((done): Line => ({
        key: done.id,
        at: Date.parse(`${done.done_on}T12:00:00Z`),
        when: day(Date.parse(`${done.done_on}T12:00:00Z`), 'UTC'),
        what: say(duty.name),
        href: null,
        content: [done.by, done.number].filter(Boolean).join(' · '),
        look: done.passed ? STATE_LOOKS.running : STATE_LOOKS.stopped,
        word: tc(done.passed ? 'duty.word.passed' : 'duty.word.failed'),
        who: done.entered_by ?? '—',
      })),
    ),
  ].sort((a, b) => b.at - a.at);
  const shown = all ? lines : lines.slice(0, SHOWN);
  return (
    <Panel title={tc('history.title')} fact={tc('history.count', { n: lines.length })} flush>
      {lines.length === 0 ? (
        <p class="panel__b meta">{tc('history.none')}</p>
      ) : (
        <table class="stack">
          <caption class="vh">{tc('history.title')}</caption>
          <thead>
            <tr>
              <th scope="col">{tc('log.time')}</th>
              <th scope="col">{tc('history.what')}</th>
              <th scope="col">{tc('log.content')}</th>
              <th scope="col">{tc('log.state')}</th>
              <th scope="col">{tc('log.who')}</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((line) => (
              <tr key={line.key}>
                <td class="nb num">{line.when}</td>
                <td class="w">{line.href ? <a href={line.href}>{line.what}</a> : <b>{line.what}</b>}</td>
                <td>{line.content || '—'}</td>
                <td>
                  <StateWord look={line.look}>{line.word ?? undefined}</StateWord>
                </td>
                <td class="nb">{line.who}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {lines.length > SHOWN && !all && (
        <div class="panel__b">
          <Button onPress={() => setAll(true)}>{tc('history.all', { n: lines.length })}</Button>
        </div>
      )}
    </Panel>
  );
}
