import { day, span } from '../../i18n/format';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { device, now, person, site } from '../../state/app';
import { sync } from '../../state/sync';
import { today, type RoundView } from '../../state/today';
import { Button, IconButton } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Row } from '../../ui/Row';
import { Dock, Screen, Section } from '../../ui/Screen';
import { OccurrenceChip, occurrenceLooks, StateWord } from '../../ui/State';
import { Fact } from '../../ui/StopTrack';
import { WindowBar } from '../../ui/WindowBar';
import { Conditions } from '../Conditions';
import { MainTabs } from '../MainTabs';
import { href } from '../route';
import { Badge } from '../Badge';
import { clock, nextStop, openScan, roundName, when, zone } from '../words';

/** How many coming rounds are shown: what a shift can hold. */
const COMING = 8;

/** What is to do now, what comes, what is done. */
export function Today() {
  const { current, upcoming, done, scheduledUntil } = today.value;
  const coming = upcoming.slice(0, COMING);
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
      strip={<Conditions />}
      dock={
        <Dock>
          <MainAct current={current} />
          <MainTabs here="today" />
        </Dock>
      }
    >
      <Badge />
      {current ? <Current view={current} /> : <Nothing next={coming[0] ?? null} planned={scheduledUntil !== null} />}
      {coming.length > 0 && (
        <>
          <Section
            title={t('today.next')}
            fact={scheduledUntil === null ? undefined : t('today.planned', { date: day(scheduledUntil, zone()) })}
          />
          <ul class="rows">
            {coming.map((view) => (
              <Coming key={view.occurrence} view={view} />
            ))}
          </ul>
        </>
      )}
      {done.length > 0 && (
        <>
          <Section title={t('today.done')} fact={sync.value.receivedUpTo === null ? undefined : t('sync.upto', { n: sync.value.receivedUpTo })} />
          <ul class="rows">
            {done.map((view) => (
              <Coming key={view.occurrence} view={view} />
            ))}
          </ul>
        </>
      )}
    </Screen>
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
      {(view.crew > 1 || faults > 0) && (
        <p class="facts">
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

function Coming({ view }: { view: RoundView }) {
  const look = occurrenceLooks[view.state];
  return (
    <Row
      href={href({ name: 'round', occurrence: view.occurrence })}
      time={clock(view.from)}
      until={clock(view.to)}
      title={<span lang={langOf(view.name)}>{roundName(view)}</span>}
      tone={look.tone}
    >
      <StateWord look={look} />
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
