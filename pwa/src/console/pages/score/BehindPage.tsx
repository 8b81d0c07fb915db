import { useEffect, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { occurrenceLooks, StateWord, type OccurrenceState } from '../../../ui/State';
import { get, type Problem } from '../../api';
import { longDay, stamp, stretch } from '../../dates';
import { asProblem, useLoad } from '../../model/load';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { Page } from '../../parts/Page';
import { place, to } from '../../route';
import type { PageProps } from '../../types';
import { PARTS, periodHere } from './parts';
import { periodWords } from './periods';
import type { Behind, BehindRound } from './types';

/** The states that a word of the address stands for. */
function statesOf(word: string | undefined): readonly OccurrenceState[] {
  if (word === 'due') return PARTS;
  if (word === 'short') return ['partial', 'missed'];
  return word !== undefined && word in occurrenceLooks ? [word as OccurrenceState] : [];
}

/** The rounds that a figure counts, each leading to its evidence. */
export function BehindPage({ site }: PageProps) {
  const { query } = place.value;
  const period = periodHere(site);
  const states = statesOf(query['state']);
  const person = query['axis'] === 'person' ? query['key'] : undefined;
  const ask = new URLSearchParams({ period, ...(query['axis'] && !person ? { axis: query['axis'] } : {}), ...(query['key'] && !person ? { key: query['key'] } : {}) });
  for (const state of states) ask.append('state', state);
  const path = `/sites/${site.id}/report/${person ? `people/${encodeURIComponent(person)}/` : ''}rounds?${ask.toString()}`;
  const first = useLoad<Behind>(path);
  const [more, setMore] = useState<{ path: string; rounds: BehindRound[]; next: string | null } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => setMore(null), [path]);
  const next = more ? more.next : (first.value?.next ?? null);
  const rounds = [...(first.value?.rounds ?? []), ...(more?.path === path ? more.rounds : [])];
  const load = async (): Promise<void> => {
    try {
      const page = await get<Behind>(`${path}&after=${next ?? ''}`);
      setMore({ path, rounds: [...(more?.rounds ?? []), ...page.rounds], next: page.next });
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  const only = query['state'] === 'short' || query['state'] === 'due' ? tc(`behind.${query['state']}`) : states[0] ? tc(occurrenceLooks[states[0]].word) : tc('log.all');
  const of = query['axis'] === 'demand' || query['axis'] === 'day' ? (query['key'] ?? tc('score.other')) : (first.value?.person?.name ?? '');
  return (
    <Page
      title={tc('behind.title')}
      sub={[periodWords(period), of, only].filter(Boolean).join(' · ')}
      crumbs={[{ href: to(site.id, 'score', null, { period }), word: tc('nav.score') }, { word: tc('behind.title') }]}
    >
      {first.value === null ? (
        first.problem ? <Failure problem={first.problem} onAgain={first.reload} /> : <Waiting />
      ) : rounds.length === 0 ? (
        <div class="panel">
          <Empty icon="list" title={tc('behind.empty')}>
            {tc('behind.empty.why')}
          </Empty>
        </div>
      ) : (
        <>
          <div class="tablewrap">
            <table class="stack">
              <caption class="vh">{tc('behind.title')}</caption>
              <thead>
                <tr>
                  {(['behind.day', 'behind.window', 'log.plan', 'score.clause', 'log.state', 'behind.stops', 'behind.end'] as const).map((head) => (
                    <th key={head} scope="col">
                      {tc(head)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {rounds.map((round) => (
                  <tr key={round.occurrence}>
                    <td class="nb num">{longDay(round.from_ms, site.time_zone)}</td>
                    <td class="nb num">{stretch(round.from_ms, round.to_ms, site.time_zone)}</td>
                    <td class="w">
                      <a href={to(site.id, 'rounds', round.occurrence)}>{say(round.plan)}</a>
                    </td>
                    <td class="code">{round.demands.join(' ') || '—'}</td>
                    <td>
                      <StateWord look={occurrenceLooks[round.state]} />
                    </td>
                    <td class="num">{`${round.done}/${round.total}`}</td>
                    <td class="nb num">{round.end_ms === null ? '—' : stamp(round.end_ms, site.time_zone)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <Refusal problem={problem} />
          <div class="pager">
            <span class="meta">{tc('behind.count', { n: rounds.length, m: first.value.count })}</span>
            {next !== null && <Button onPress={() => void load()}>{tc('behind.more')}</Button>}
          </div>
        </>
      )}
    </Page>
  );
}
