import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Chip, StateWord } from '../../../ui/State';
import { send } from '../../api';
import { dayOf, stamp } from '../../dates';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { AreaField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { Page, Panel } from '../../parts/Page';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import type { Thread, Turn, WholeRule } from './types';
import { Standing, Thing, whenWords } from './words';

type Asking = { act: 'skip' | 'advance'; thread: Thread };

/** One rule: where each thing stands, and every turn that was. */
export function RulePage({ site, id }: { site: SiteRef; id: string }) {
  const path = `/sites/${site.id}/upkeep/${id}`;
  const load = useLoad<WholeRule>(path);
  const [asking, setAsking] = useState<Asking | null>(null);
  const back = { href: to(site.id, 'upkeep'), word: tc('nav.upkeep') };
  if (load.value === null) {
    return (
      <Page title={back.word} crumbs={[back]}>
        {load.problem ? <Failure problem={load.problem} onAgain={load.reload} /> : <Waiting />}
      </Page>
    );
  }
  const rule = load.value;
  const changes = may('change.assets');
  return (
    <Page
      title={say(rule.name)}
      crumbs={[back, { word: say(rule.name) }]}
      chips={rule.paused && <Chip tone="calm" icon="st-excused">{tc('upkeep.paused')}</Chip>}
      sub={`${whenWords(rule)}${rule.demand ? ` · ${rule.demand}` : ''}`}
      acts={changes && <Button href={to(site.id, 'upkeep', id, { edit: 'yes' })}>{tc('upkeep.edit')}</Button>}
    >
      <Panel title={tc('upkeep.threads')} flush>
        <div class="tablewrap">
          <table class="stack">
            <caption class="vh">{tc('upkeep.threads')}</caption>
            <thead>
              <tr>
                <th scope="col">{tc('upkeep.thing')}</th>
                <th scope="col">{tc('upkeep.next')}</th>
                <th scope="col">{tc('upkeep.last')}</th>
                {changes && <th scope="col">{tc('takes.act')}</th>}
              </tr>
            </thead>
            <tbody>
              {rule.threads.map((thread) => (
                <tr key={thread.thing}>
                  <td class="w"><Thing site={site} thread={thread} /></td>
                  <td><Standing site={site} thread={thread} paused={rule.paused} /></td>
                  <td class="num">{thread.last_done_ms === null ? '—' : dayOf(thread.last_done_ms, site.time_zone)}</td>
                  {changes && (
                    <td>
                      {thread.open === null && !rule.paused && thread.in_use ? (
                        <span class="acts">
                          <Button kind="quiet" onPress={() => setAsking({ act: 'advance', thread })}>{tc('upkeep.advance')}</Button>
                          {thread.next && <Button kind="quiet" onPress={() => setAsking({ act: 'skip', thread })}>{tc('upkeep.skip')}</Button>}
                        </span>
                      ) : '—'}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Panel>
      <Panel title={tc('upkeep.turns')} flush class="below">
        {rule.turns.length === 0 ? (
          <p class="panel__b meta">{tc('upkeep.turns.none')}</p>
        ) : (
          <div class="tablewrap">
            <table class="stack">
              <caption class="vh">{tc('upkeep.turns')}</caption>
              <thead>
                <tr>
                  <th scope="col">{tc('upkeep.made')}</th>
                  <th scope="col">{tc('upkeep.thing')}</th>
                  <th scope="col">{tc('upkeep.by')}</th>
                  <th scope="col">{tc('upkeep.order')}</th>
                  <th scope="col">{tc('log.state')}</th>
                  <th scope="col">{tc('upkeep.why')}</th>
                </tr>
              </thead>
              <tbody>
                {rule.turns.map((turn) => (
                  <tr key={turn.id}>
                    <td class="nb num">{stamp(turn.made_ms, site.time_zone)}</td>
                    <td>{nameOf(rule, turn.thing)}</td>
                    <td>{tc(`upkeep.by.${turn.by}`)}</td>
                    <td>{turn.order ? <a class="num" href={to(site.id, 'orders', turn.order.id)}>{turn.order.number}</a> : '—'}</td>
                    <td><TurnState turn={turn} zone={site.time_zone} /></td>
                    <td>{turn.why || '—'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Panel>
      {asking && (
        <AskWhy
          path={path}
          asking={asking}
          onClose={() => setAsking(null)}
          onDone={(next) => {
            setAsking(null);
            load.put(next);
            tell(tc('act.saved'));
          }}
        />
      )}
    </Page>
  );
}

function nameOf(rule: WholeRule, thing: string): string {
  const found = rule.threads.find((thread) => thread.thing === thing);
  if (!found) return '—';
  return found.target === null ? tc('upkeep.site') : `${found.number} ${say(found.name)}`;
}

function TurnState({ turn, zone }: { turn: Turn; zone: string }) {
  const joined = turn.joined > 0 ? <small class="line2">{tc('upkeep.joined', { n: turn.joined })}</small> : null;
  if (turn.skipped) return <StateWord look={{ tone: 'calm', icon: 'st-excused', word: 'rec.marked' }}>{tc('upkeep.skipped')}</StateWord>;
  if (turn.ended_ms === null) {
    return <><StateWord look={turn.late ? { tone: 'bad', icon: 'st-late', word: 'rec.marked' } : { tone: 'live', icon: 'st-progress', word: 'rec.marked' }}>{tc(turn.late ? 'upkeep.late' : 'upkeep.open')}</StateWord>{joined}</>;
  }
  if (!turn.done) return <StateWord look={{ tone: 'warn', icon: 'st-partial', word: 'rec.marked' }}>{tc('upkeep.given_up')}</StateWord>;
  return (
    <>
      <StateWord look={turn.late ? { tone: 'warn', icon: 'st-late', word: 'rec.marked' } : { tone: 'good', icon: 'st-done', word: 'rec.marked' }}>
        {tc(turn.late ? 'upkeep.done_late' : 'upkeep.done')} <span class="num">{dayOf(turn.ended_ms, zone)}</span>
      </StateWord>
      {joined}
    </>
  );
}

function AskWhy({ path, asking, onDone, onClose }: { path: string; asking: Asking; onDone: (rule: WholeRule) => void; onClose: () => void }) {
  const draft = useForm({ why: '' });
  const { act, thread } = asking;
  return (
    <FormDialog
      title={`${tc(`upkeep.${act}`)} · ${thread.number} ${say(thread.name)}`}
      go={tc(`upkeep.${act}`)}
      busy={draft.busy}
      onStay={onClose}
      onGo={() => void draft.submit(async ({ why }) => onDone(await send<WholeRule>('POST', `${path}/${act}`, { thing: thread.thing, why })))}
    >
      <p>{tc(`upkeep.${act}.why`)}</p>
      <AreaField label={tc('upkeep.why')} rows={2} most={400} value={draft.value.why} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
