import { tc } from '../../../i18n/console';
import { clockTime, clockTimeWithSeconds } from '../../../i18n/format';
import { Button, IconButton } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { Icon } from '../../../ui/Icon';
import { addDays, isDay, longDay, otherZone } from '../../dates';
import { Failure, Waiting } from '../../parts/Answers';
import { Page, SiteSwitch } from '../../parts/Page';
import { go, place, setQuery, to } from '../../route';
import { useBoard, type Watched } from '../../model/board';
import { may } from '../../model/may';
import type { Board, OccurrenceState, PageProps } from '../../types';
import { problemSentence } from '../../words';
import { SpecialRound } from '../plans/SpecialRound';
import { Attention } from './Attention';
import { Lanes } from './Lanes';
import { Tally } from './Tally';
import { WhoWhere } from './WhoWhere';

/** The day of a site: what was due, what is proven, what waits for a person. */
export function BoardPage({ site }: PageProps) {
  const asked = place.value.query['day'];
  const day = isDay(asked) ? asked : null;
  const watched = useBoard(`/sites/${site.id}/board${day ? `?day=${day}` : ''}`);
  const { board, problem } = watched;
  const isToday = board === null ? day === null : board.from_ms <= watched.nowMs && watched.nowMs < board.to_ms;
  const title = isToday ? tc('nav.board') : tc('board.title.day');
  return (
    <Page title={title} sub={board && <Day board={board} zone={site.time_zone} />} side={<Side watched={watched} siteId={site.id} zone={site.time_zone} isToday={isToday} />}>
      {problem && board && <Silence watched={watched} zone={site.time_zone} />}
      {board ? <Content board={board} siteId={site.id} zone={site.time_zone} nowMs={watched.nowMs} /> : problem ? <Failure problem={problem} /> : <Waiting />}
    </Page>
  );
}

function Day({ board, zone }: { board: Board; zone: string }) {
  const times = tc('board.day', { day: longDay(board.from_ms, zone), a: clockTime(board.from_ms, zone), b: clockTime(board.to_ms, zone) });
  return <>{otherZone(zone) ? `${times} · ${zone}` : times}</>;
}

function Side({ watched, siteId, zone, isToday }: { watched: Watched; siteId: string; zone: string; isToday: boolean }) {
  const { board, heardMs } = watched;
  const { silent = 0, total = 0 } = board?.phones ?? {};
  return (
    <>
      {board && (
        <span class="fresh" title={heardMs === null ? '' : tc('board.asked', { time: clockTimeWithSeconds(heardMs, zone) })}>
          <Icon name="rc-received" />
          <span>
            {board.received_ms === null ? tc('board.received.none') : tc('board.received', { time: clockTime(board.received_ms, zone) })}
            {total > 0 && ` · ${silent === 0 ? tc('board.phones.all', { n: total }) : tc('board.phones', { n: total, m: silent })}`}
          </span>
        </span>
      )}
      <SiteSwitch />
      <SpecialRound siteId={siteId} />
      {board && <DayPicker day={board.day} siteId={siteId} isToday={isToday} />}
    </>
  );
}

function DayPicker({ day, siteId, isToday }: { day: string; siteId: string; isToday: boolean }) {
  const at = (next: string) => to(siteId, 'board', null, { day: next });
  return (
    <span class="days">
      <IconButton name="back" label={tc('board.day.before')} href={at(addDays(day, -1))} />
      <label class="fil fil--date">
        <span class="vh">{tc('board.day.pick')}</span>
        <Icon name="plan" />
        <input type="date" value={day} onChange={(event) => isDay(event.currentTarget.value) && go(at(event.currentTarget.value))} />
      </label>
      <IconButton name="next" label={tc('board.day.after')} href={at(addDays(day, 1))} />
      {!isToday && <Button href={to(siteId, 'board')}>{tc('nav.board')}</Button>}
    </span>
  );
}

// the last board stands and says that it is the last
function Silence({ watched, zone }: { watched: Watched; zone: string }) {
  if (!watched.problem) return null;
  return (
    <p class="refusal" role="status" data-tone="unsure">
      {watched.problem.slug === 'offline' ? tc('board.silent') : problemSentence(watched.problem)}{' '}
      {watched.heardMs !== null && tc('board.silent.since', { time: clockTime(watched.heardMs, zone) })}
    </p>
  );
}

function Content({ board, siteId, zone, nowMs }: { board: Board; siteId: string; zone: string; nowMs: number }) {
  const only = (place.value.query['state'] ?? '').split(',').filter((one): one is OccurrenceState => one in board.sums);
  const press = (state: OccurrenceState) => {
    const next = only.includes(state) ? only.filter((one) => one !== state) : [...only, state];
    setQuery({ state: next.join(',') || null });
  };
  if (board.lanes.length === 0) return <NothingPlanned siteId={siteId} />;
  return (
    <>
      <Tally sums={board.sums} pressed={only} onPress={press} />
      <div class="cols">
        <div class="stackcol">
          <Lanes board={board} siteId={siteId} zone={zone} nowMs={nowMs} only={only} />
          {may('see.people') && <WhoWhere people={board.whereabouts} zone={zone} nowMs={nowMs} />}
        </div>
        <aside aria-label={tc('todo.title')}>
          <Attention items={board.attention} siteId={siteId} zone={zone} day={board.day} dayFrom={board.from_ms} />
        </aside>
      </div>
    </>
  );
}

function NothingPlanned({ siteId }: { siteId: string }) {
  return (
    <div class="panel">
      <Empty icon="plan" title={tc('board.empty')} act={may('change.plan') && <Button href={to(siteId, 'plans', 'new')}>{tc('board.empty.act')}</Button>}>
        {may('change.plan') && tc('board.empty.why')}
      </Empty>
    </div>
  );
}
