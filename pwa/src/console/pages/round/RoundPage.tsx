import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { Chip, occurrenceLooks, OccurrenceChip, StateWord } from '../../../ui/State';
import { longDay, stretch, dayOf } from '../../dates';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, Panel } from '../../parts/Page';
import { PlaceLink, RecordState, VisitTime, contentText, isClaimed } from '../../parts/visit';
import { place, setQuery, to } from '../../route';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import type { PageProps, Round, RoundStop } from '../../types';
import { asks, markReason, markWord } from '../../words';
import { Comments } from './Comments';
import { ExcuseDialog } from './ExcuseDialog';
import { PaperDialog } from './PaperDialog';
import { Papers } from './Papers';
import { Skips } from './Skips';
import { doubtWords, termFacts } from './terms';
import { ToldPanel, wasReported } from './ToldPanel';
import { whySentence } from './why';

/** One round: its stops, why it is in its state, which phones were heard. */
export function RoundPage({ site, id }: PageProps) {
  const path = `/sites/${site.id}/occurrences/${id ?? ''}`;
  const { value, problem, reload, put } = useLoad<Round>(path);
  const [done, setDone] = useState(false);
  const [sheets, setSheets] = useState(0);
  if (!value) {
    return (
      <Page title={tc('round.title')} crumbs={[{ href: to(site.id, 'board'), word: tc('nav.board') }, { word: tc('round.title') }]}>
        {problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />}
      </Page>
    );
  }
  const zone = site.time_zone;
  const when = stretch(value.from_ms, value.to_ms, zone);
  const day = dayOf(value.from_ms, zone);
  const name = say(value.plan.name);
  const mayExcuse = may('excuse') && value.excused === null && value.state !== 'done' && value.state !== 'late';
  const asking = place.value.query['excuse'] === 'yes' && mayExcuse;
  const entering = place.value.query['paper'] === 'yes' && may('excuse');
  return (
    <Page
      title={`${name} ${when}`}
      crumbs={[{ href: to(site.id, 'board', null, { day }), word: longDay(value.from_ms, zone) }, { word: tc('round.ordinal', { n: value.ordinal }) }]}
      chips={
        <>
          <OccurrenceChip state={value.state} />
          {wasReported(value) !== '' && <Chip tone="calm" icon="rc-received">{wasReported(value)}</Chip>}
          {value.faults > 0 && <Chip tone="warn" icon="report">{tc('window.faults', { n: value.faults })}</Chip>}
        </>
      }
      sub={[value.plan.demand, value.people.join(tc('list.and'))].filter(Boolean).join(' · ')}
      acts={mayExcuse && <Button onPress={() => setQuery({ excuse: 'yes' })}>{tc('excuse.act')}</Button>}
    >
      {done && <p role="status" class="note">{tc('excuse.done')}</p>}
      <p class="verdict" data-tone={occurrenceLooks[value.state].tone}>
        {whySentence(value, zone)}
        {(value.asked ?? 0) > 0 && <> {tc('why.asked', { asked: value.asked! })}</>}
        {(value.skipped ?? 0) > 0 && <> {tc('why.skipped', { n: value.skipped! })}</>}
      </p>
      <div class="ev">
        <div>
          <Panel title={tc('round.stops')} fact={tc('board.count', { m: value.done, n: value.total })} flush>
            <Stops round={value} siteId={site.id} zone={zone} path={path} onRound={put} />
          </Panel>
        </div>
        <div>
          <ToldPanel round={value} siteId={site.id} zone={zone} />
          <Terms round={value} zone={zone} />
          <StandIns round={value} zone={zone} />
          <Papers key={sheets} round={value} path={path} siteId={site.id} zone={zone} onEnter={() => setQuery({ paper: 'yes' })} />
          <Phones round={value} zone={zone} />
          {may('comment') && <Comments path={path} zone={zone} now={value.from_ms} />}
        </div>
      </div>
      {entering && (
        <PaperDialog
          round={value}
          path={path}
          siteId={site.id}
          zone={zone}
          title={`${name} ${when}`}
          onClose={() => setQuery({ paper: null })}
          onDone={(next) => {
            put(next);
            setSheets((n) => n + 1);
            setQuery({ paper: null });
          }}
        />
      )}
      {asking && (
        <ExcuseDialog
          path={path}
          title={`${name} ${when}`}
          onClose={() => setQuery({ excuse: null })}
          onDone={(next) => {
            put(next);
            setDone(true);
            setQuery({ excuse: null });
          }}
        />
      )}
    </Page>
  );
}

function Terms({ round, zone }: { round: Round; zone: string }) {
  return (
    <Panel title={tc('round.terms')}>
      <dl class="dl">
        <dt>{tc('round.window')}</dt>
        <dd>{stretch(round.from_ms, round.to_ms, zone)}</dd>
        <dt>{tc('round.grace')}</dt>
        <dd>{round.grace_ms > 0 ? tc('round.grace.until', { time: moment(round.to_ms + round.grace_ms, zone, round.to_ms) }) : tc('round.grace.none')}</dd>
        <dt>{tc('plan.crew')}</dt>
        <dd>{tc(round.plan.crew === 2 ? 'plan.crew.2' : 'plan.crew.1')}</dd>
        {round.excused && (
          <>
            <dt>{tc('excuse.act')}</dt>
            <dd>{tc('round.excused', { name: round.excused.by, why: round.excused.why })}</dd>
          </>
        )}
      </dl>
    </Panel>
  );
}

/** Who took the round over, for whom, when and on which phone. */
function StandIns({ round, zone }: { round: Round; zone: string }) {
  if (round.stand_ins.length === 0) return null;
  return (
    <Panel title={tc('stand_in.title')} fact={tc('stand_in.why')}>
      <ul class="marks">
        {round.stand_ins.map((one) => (
          <li key={one.record} data-tone={one.marks.some(asks) ? 'warn' : 'calm'}>
            <Icon name={one.marks.some(asks) ? 'rc-marked' : 'users'} />
            <div>
              <b>
                {one.instead_of?.name
                  ? tc('stand_in.for', { name: one.person.name, whose: say(one.instead_of.name) })
                  : tc('stand_in.one', { name: one.person.name })}
              </b>
              <p>{[moment(one.at_ms, zone, round.from_ms), one.device.name].join(' · ')}</p>
              {one.marks.filter(asks).map((mark) => (
                <p key={mark}>{`${markWord(mark)}${tc('list.colon')}${markReason(mark)}`}</p>
              ))}
            </div>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Phones({ round, zone }: { round: Round; zone: string }) {
  const over = round.to_ms + round.grace_ms;
  const phones = [...round.phones].sort((a, b) => Number(b.carries) - Number(a.carries));
  return (
    <Panel title={tc('round.phones')} fact={tc('round.phones.why')} flush>
      {round.phones.length === 0 ? (
        <p class="panel__b meta">{tc('round.phones.none')}</p>
      ) : (
        <table class="stack">
          <caption class="vh">{tc('round.phones')}</caption>
          <thead>
            <tr>
              <th scope="col">{tc('nav.phones')}</th>
              <th scope="col">{tc('round.carries')}</th>
              <th scope="col">{tc('phone.clear')}</th>
            </tr>
          </thead>
          <tbody>
            {phones.map((phone) => {
              const heard = phone.clear_ms !== null && phone.clear_ms >= over;
              return (
                <tr key={phone.device.id}>
                  <td>
                    <b>{phone.device.name}</b>
                  </td>
                  <td>{tc(phone.carries ? 'round.carries.yes' : 'round.carries.no')}</td>
                  <td>
                    {phone.carries && !heard ? (
                      <StateWord look={{ tone: 'unsure', icon: 'st-unheard', word: 'state.unheard' }}>
                        {phone.heard_ms === null ? tc('who.never') : tc('who.heard', { time: moment(phone.heard_ms, zone, round.to_ms) })}
                      </StateWord>
                    ) : (
                      <span>{phone.clear_ms === null ? tc('phone.clear.never') : tc('phone.clear.at', { time: moment(phone.clear_ms, zone, round.to_ms) })}</span>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

type StopsProps = { round: Round; siteId: string; zone: string; path: string; onRound: (round: Round) => void };

function Stops({ round, siteId, zone, path, onRound }: StopsProps) {
  if (round.stops.length === 0) return <p class="panel__b meta">{tc('round.stops.none')}</p>;
  const isBare = round.stops.every((stop) => stop.visits.length === 0);
  return (
    <table class="stack">
      <caption class="vh">{tc('round.stops')}</caption>
      <thead>
        <tr>
          <th scope="col">{tc('round.stop')}</th>
          <th scope="col">{tc('log.state')}</th>
          {!isBare && (
            <>
              <th scope="col">{tc('log.time')}</th>
              <th scope="col">{tc('log.who')}</th>
              <th scope="col">{tc('log.content')}</th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        {round.stops.map((stop) => (
          <StopRow key={stop.id} stop={stop} round={round} siteId={siteId} zone={zone} isBare={isBare} path={path} onRound={onRound} />
        ))}
      </tbody>
    </table>
  );
}

type StopRowProps = StopsProps & { stop: RoundStop; isBare: boolean };

function StopRow({ stop, round, siteId, zone, isBare, path, onRound }: StopRowProps) {
  const [first, ...more] = stop.visits;
  return (
    <>
      <tr>
        <td class="w">
          {first ? (
            <PlaceLink visit={{ ...first, stop_number: stop.number }} siteId={siteId} />
          ) : (
            <span lang={stop.name ? langOf(stop.name) : undefined}>
              <i class="no">{stop.number}</i>
              {stop.name ? say(stop.name) : tc('visit.no_place')}
            </span>
          )}
          <small>{[stop.zone ? say(stop.zone) : '', stop.form?.name ? say(stop.form.name) : '', ...termFacts(stop, zone)].filter((part) => part !== '').join(' · ')}</small>
        </td>
        <td>
          <StopState stop={stop} round={round} />
          {doubtWords(stop) !== '' && <small>{doubtWords(stop)}</small>}
        </td>
        {!isBare && (
          <>
            <td>{first ? <VisitTime visit={first} zone={zone} now={round.from_ms} /> : '—'}</td>
            <td class="nb">{first?.person?.name ?? '—'}</td>
            <td>
              {first ? contentText(first) : '—'}
              {first && (
                <small>
                  <RecordState visit={first} />
                </small>
              )}
            </td>
          </>
        )}
      </tr>
      {(stop.skips?.length ?? 0) > 0 && (
        <tr class="quietrow">
          <td colSpan={isBare ? 2 : 5}>
            <Skips stop={stop} path={path} zone={zone} now={round.from_ms} onDone={onRound} />
          </td>
        </tr>
      )}
      {more.map((visit) => (
        <tr key={visit.id} class="quietrow">
          <td class="w">
            <a href={to(siteId, 'visits', visit.id)}>{tc('round.again')}</a>
          </td>
          <td>—</td>
          <td>
            <VisitTime visit={visit} zone={zone} now={round.from_ms} />
          </td>
          <td class="nb">{visit.person?.name ?? '—'}</td>
          <td>{contentText(visit)}</td>
        </tr>
      ))}
    </>
  );
}

// a stop without a visit is only "missed" where the whole round was heard, and one that is only claimed is not solid:
// a round that is done was proven by the server
function StopState({ stop, round }: { stop: RoundStop; round: Round }) {
  if (stop.state === 'fault') return <StateWord look={{ tone: 'warn', icon: 'report', word: 'form.fault' }} />;
  const skip = stop.skips?.at(-1);
  if (stop.state === 'todo' && skip) return <StateWord look={{ tone: 'warn', icon: 'st-partial', word: 'stop.skipped' }}>{tc(skip.decision?.accepted ? 'stop.skipped.accepted' : 'stop.skipped')}</StateWord>;
  if (stop.state === 'done' && (stop.doubts?.length ?? 0) > 0) return <StateWord look={{ tone: 'unsure', icon: 'st-unproven', word: 'state.unproven' }} />;
  const isProven = round.state === 'done' || round.state === 'late' || !stop.visits.every(isClaimed);
  if (stop.state === 'done' && !isProven) return <StateWord look={{ tone: 'unsure', icon: 'st-unproven', word: 'state.unproven' }} />;
  if (stop.state === 'done') return <StateWord look={{ tone: 'good', icon: 'st-done', word: 'stop.done' }} />;
  if (stop.state === 'paper') return <StateWord look={{ tone: 'unsure', icon: 'st-unproven', word: 'state.unproven' }}>{tc('paper.stop')}</StateWord>;
  if (stop.visits.length > 0) return <StateWord look={{ tone: 'warn', icon: 'rc-marked', word: 'mark.not_here' }}>{tc('round.not_counted')}</StateWord>;
  if (round.state === 'unheard') return <StateWord look={{ tone: 'unsure', icon: 'st-unheard', word: 'state.unheard' }} />;
  if (round.state === 'missed' || round.state === 'partial') return <StateWord look={{ tone: 'bad', icon: 'st-missed', word: 'state.missed' }}>{tc('round.not_reached')}</StateWord>;
  if (round.state === 'excused') return <StateWord look={{ tone: 'calm', icon: 'st-excused', word: 'state.excused' }} />;
  return <StateWord look={{ tone: 'calm', icon: 'st-upcoming', word: 'stop.todo' }} />;
}
