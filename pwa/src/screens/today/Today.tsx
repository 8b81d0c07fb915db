import { day, span } from '../../i18n/format';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { device, now, person, site } from '../../state/app';
import { sync } from '../../state/sync';
import { today, type RoundView } from '../../state/today';
import { Button, IconButton } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Icon } from '../../ui/Icon';
import { Row } from '../../ui/Row';
import { Dock, Screen, Section, Strip } from '../../ui/Screen';
import { OccurrenceChip, occurrenceLooks, StateWord } from '../../ui/State';
import { Fact } from '../../ui/StopTrack';
import { WindowBar } from '../../ui/WindowBar';
import { Conditions } from '../Conditions';
import { MainTabs } from '../MainTabs';
import { go, href } from '../route';
import { Badge } from '../Badge';
import { clock, knownWords, makeupWords, nextStop, openScan, ownerName, roundName, specialWhy, when, zone } from '../words';

/** How many coming rounds are shown: what a shift can hold. */
const COMING = 8;

/** What is to do now, what may still be made up, what comes, whom one can help, what is done. */
export function Today() {
  const { current, open, makeup, next, later, others, walked, done, scheduledUntil } = today.value;
  const planned = scheduledUntil === null ? undefined : t('today.planned', { date: day(scheduledUntil, zone()) });
  const first = next[0] ?? later[0] ?? null;
  return (
    <Screen
      title={t('today.title')}
      sub={[site.value ? say(site.value.name) : device.value?.site.name, person.value?.name].filter(Boolean).join(' · ')}
      side={
        <>
          <IconButton name="users" label={t('pin.change')} href={href({ name: 'change' })} />
          <IconButton name="gear" label={t('menu.open')} href={href({ name: 'menu' })} />
        </>
      }
      strip={
        <>
          <Conditions />
          <Special />
        </>
      }
      dock={
        <Dock>
          <MainAct current={current} />
          <MainTabs here="today" />
        </Dock>
      }
    >
      <Badge />
      {current ? <Current view={current} /> : <Nothing next={first} planned={scheduledUntil !== null} />}
      <Rounds title={t('today.open')} views={open} />
      <Rounds title={t('today.makeup')} fact={t('today.makeup.why')} views={makeup} />
      <Rounds title={t('today.next')} fact={planned} views={next.slice(0, COMING)} />
      <Rounds title={t('today.later')} fact={next.length === 0 ? planned : undefined} views={later.slice(0, COMING)} />
      {others.length + walked.length > 0 && (
        <details class="others">
          <summary>
            <Icon name="users" />
            <span class="grow">{t('today.others', { n: others.length + walked.length })}</span>
          </summary>
          {others.length > 0 && <p class="meta">{t('today.others.why')}</p>}
          <ul class="rows">
            {others.slice(0, COMING).map((view) => (
              <Coming key={view.occurrence} view={view} whose />
            ))}
            {walked.slice(0, COMING).map((view) => (
              <Coming key={view.occurrence} view={view} whose />
            ))}
          </ul>
        </details>
      )}
      <Rounds
        title={t('today.done')}
        fact={sync.value.receivedUpTo === null ? undefined : t('sync.upto', { n: sync.value.receivedUpTo })}
        views={done}
      />
    </Screen>
  );
}

/** A part of the day: its rounds as rows; nothing without any. */
function Rounds({ title, fact, views }: { title: string; fact?: string | undefined; views: readonly RoundView[] }) {
  if (views.length === 0) return null;
  return (
    <>
      <Section title={title} fact={fact} />
      <ul class="rows">
        {views.map((view) => (
          <Coming key={view.occurrence} view={view} />
        ))}
      </ul>
    </>
  );
}

/** A round that was sent out at once: it comes before everything else, and says why. */
function Special() {
  const { current, open, makeup } = today.value;
  const [special] = [current, ...open, ...makeup].filter((view) => view?.special && (view.state === 'open' || view.state === 'progress'));
  if (!special) return null;
  return (
    <Strip icon="bell" act={t('strip.see')} onAct={() => go({ name: 'round', occurrence: special.occurrence })}>
      {t('special.strip', { name: say(special.name), why: specialWhy(special) })}
    </Strip>
  );
}

/** How much time is left, or how long it has been over. */
export function leftWords(view: RoundView): string {
  if (now.value < view.from) return t('today.starts', { time: span(view.from - now.value) });
  return view.to >= now.value ? t('today.left', { time: span(view.to - now.value) }) : t('today.late', { time: span(now.value - view.to) });
}

/** How much of the window has gone. */
export function goneOf(view: RoundView): number {
  return (now.value - view.from) / (view.to - view.from);
}

function Current({ view }: { view: RoundView }) {
  const faults = view.stops.reduce((n, stop) => n + stop.faults, 0);
  const { tone } = occurrenceLooks[view.state];
  const isTaken = today.value.taken.has(view.occurrence);
  return (
    <section class="card card--next" data-tone={tone}>
      <div class="card__top">
        <OccurrenceChip state={view.state} />
        <span class="nb strong">{view.makeup ? t('round.makeup') : leftWords(view)}</span>
      </div>
      <h2>
        <a class="plainlink" href={href({ name: 'round', occurrence: view.occurrence })} lang={langOf(view.name)}>
          {roundName(view)}
        </a>
      </h2>
      <WindowBar
        stops={view.stops.map((stop) => stop.state)}
        gone={goneOf(view)}
        from={clock(view.from)}
        to={clock(view.to)}
        middle={t('round.count', { a: view.done, b: view.stops.length })}
      />
      {view.makeup && <p class="meta">{makeupWords(view)}</p>}
      {(view.crew > 1 || faults > 0 || isTaken || view.known) && (
        <p class="facts">
          {view.known && <Fact icon="users">{knownWords(view)}</Fact>}
          {isTaken && <Fact icon="users">{t('round.taken', { name: ownerName(view) })}</Fact>}
          {view.crew > 1 && <Fact icon="users">{t('round.crew')}</Fact>}
          {faults > 0 && (
            <Fact icon="report" tone="warn">
              {t('round.faults', { n: faults })}
            </Fact>
          )}
        </p>
      )}
    </section>
  );
}

function Nothing({ next, planned }: { next: RoundView | null; planned: boolean }) {
  if (!planned) {
    return (
      <div class="card">
        <Empty icon="plan" title={t('today.waiting')}>
          {t('today.waiting.why')}
        </Empty>
      </div>
    );
  }
  return (
    <div class="card">
      <Empty icon="st-done" title={t('today.none')}>
        {next ? t('today.none.next', { time: when(next.from) }) : t('today.none.why')}
      </Empty>
    </div>
  );
}

/** Whether a moment is not of the day that the phone shows. */
function isOtherDay(ms: number): boolean {
  return day(ms, zone()) !== day(now.value, zone());
}

function Coming({ view, whose = false }: { view: RoundView; whose?: boolean }) {
  const look = occurrenceLooks[view.state];
  const isTaken = today.value.taken.has(view.occurrence);
  return (
    <Row
      href={href({ name: 'round', occurrence: view.occurrence })}
      time={clock(view.from)}
      until={clock(view.to)}
      title={<span lang={langOf(view.name)}>{roundName(view)}</span>}
      tone={look.tone}
    >
      <StateWord look={look}>{view.makeup ? t('round.makeup') : undefined}</StateWord>
      {view.makeup && <span class="meta">{makeupWords(view)}</span>}
      {whose && <span class="meta">{ownerName(view)}</span>}
      {isTaken && <span class="meta">{t('round.taken', { name: ownerName(view) })}</span>}
      {view.known && <span class="meta">{knownWords(view)}</span>}
      {isOtherDay(view.from) && <span class="meta row__day">{day(view.from, zone())}</span>}
    </Row>
  );
}

/** The one yellow act: scan the next stop, fill in the one that was scanned, or scan anything. */
export function MainAct({ current }: { current: RoundView | null }) {
  const stop = nextStop(current);
  if (!current || !stop) {
    return (
      <Button kind="main" icon="scan" href={href({ name: 'scan', occurrence: current?.occurrence ?? null, stop: null })}>
        {t('scan.any')}
      </Button>
    );
  }
  const name = <span lang={langOf(stop.name)}>{say(stop.name)}</span>;
  const scan = openScan(stop);
  if (scan !== null) {
    return (
      <Button kind="main" icon="list" object={name} href={href({ name: 'form', occurrence: current.occurrence, stop: stop.id, scan })}>
        {t('round.form', { n: stop.number })}
      </Button>
    );
  }
  return (
    <Button kind="main" icon="scan" object={name} href={href({ name: 'scan', occurrence: current.occurrence, stop: null })}>
      {t('scan.act', { n: stop.number })}
    </Button>
  );
}
