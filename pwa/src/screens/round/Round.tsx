import { useState } from 'preact/hooks';
import { takeRound } from '../../actions/takeRound';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { hasRequired } from '../../protocol/forms';
import { now } from '../../state/app';
import { log } from '../../state/log';
import { round, roundMaps, today, type RoundView } from '../../state/today';
import { Button, IconButton } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Note } from '../../ui/Saved';
import { Dock, DockRow, Screen, Section } from '../../ui/Screen';
import { recordLooks, StateWord } from '../../ui/State';
import { Fact, Stop, StopTrack } from '../../ui/StopTrack';
import { WindowBar } from '../../ui/WindowBar';
import { href, type Route } from '../route';
import { RouteMap } from './RouteMap';
import { goneOf, leftWords, MainAct } from '../today/Today';
import { clock, knownWords, makeupWords, nextStop, openScan, ownerName, problemText, roundName, specialWhy, waitsForSecond, when, type StopView } from '../words';
import { CrewNote, skippedWhy, StopName, TermFacts } from './Terms';

/** One round: the next stop first, then the rest, then what is done. */
export function Round({ to }: { to: Extract<Route, { name: 'round' }> }) {
  const view = round(to.occurrence).value;
  const [mapOpen, setMapOpen] = useState(false);
  if (!view) {
    return (
      <Screen title={t('round.go')} back={href({ name: 'today' })}>
        <Empty icon="route" title={t('round.missing')} act={<Button href={href({ name: 'today' })}>{t('saved.back')}</Button>}>
          {t('round.missing.why')}
        </Empty>
      </Screen>
    );
  }
  const next = nextStop(view);
  const { others, walked } = today.value;
  const isOthers = [...others, ...walked].some((other) => other.occurrence === view.occurrence);
  const hasMap = roundMaps(view).length > 0;
  const showMap = (): void => {
    setMapOpen(true);
    // once it is drawn
    requestAnimationFrame(() => document.getElementById('route-map')?.scrollIntoView({ block: 'start' }));
  };
  const rest = view.stops.filter((stop) => stop !== next && (stop.state === 'todo' || stop.state === 'next'));
  const skipped = view.stops.filter((stop) => stop.state === 'skipped');
  const visited = view.stops.filter((stop) => stop.state === 'done' || stop.state === 'fault').sort((a, b) => (b.at ?? 0) - (a.at ?? 0));
  return (
    <Screen
      title={<span lang={langOf(view.name)}>{roundName(view)}</span>}
      back={href({ name: 'today' })}
      side={hasMap && <IconButton name="route" label={t('map.title')} onPress={showMap} />}
      dock={
        <Dock plain>
          {isOthers && !view.known?.complete ? <TakeOver view={view} /> : next && !view.known?.complete ? <MainAct current={view} /> : <Button kind="main" href={href({ name: 'today' })}>{t('saved.back')}</Button>}
          <DockRow>
            <Button icon="report" href={href({ name: 'finding', occurrence: view.occurrence, stop: next?.id ?? null })}>
              {t('round.fault')}
            </Button>
          </DockRow>
        </Dock>
      }
    >
      <WindowBar
        stops={view.stops.map((stop) => stop.state)}
        gone={goneOf(view)}
        from={clock(view.from)}
        to={clock(view.to)}
        middle={middleOf(view)}
        strong
      />
      {isOthers && !view.known?.complete ? <Theirs view={view} /> : <Standing view={view} />}
      {view.known && (
        <Note tone="calm" icon="users">
          <b>{knownWords(view)}</b> {view.known.complete ? t('known.done.why') : t('known.line.why')}
        </Note>
      )}
      {today.value.taken.has(view.occurrence) && (
        <Note tone="calm" icon="users">
          {t('round.taken', { name: ownerName(view) })}
        </Note>
      )}
      {view.special && (
        <Note tone="calm" icon="bell">
          {specialWhy(view)}
        </Note>
      )}
      <CrewNote view={view} />
      {view.enforced && next && (
        <Note tone="calm" icon="route">
          {t('round.order.enforced')}
        </Note>
      )}
      {(next || rest.length > 0) && (
        <StopTrack>
          {next && <ToCome key={next.id} stop={next} view={view} isNext />}
          {next && !isOthers && now.value >= view.from && now.value < view.graceTo && (
            <li class="track__act">
              <Button icon="swap" href={href({ name: 'skip', occurrence: view.occurrence, stop: next.id })}>
                {t('round.skip')}
              </Button>
            </li>
          )}
          {next?.target.kind === 'asset' && (
            <li class="track__act">
              <Button icon="box" href={href({ name: 'asset', asset: next.target.id, scan: null })}>
                {t('card.open')}
              </Button>
            </li>
          )}
          {rest.map((stop) => (
            <ToCome key={stop.id} stop={stop} view={view} isNext={false} />
          ))}
        </StopTrack>
      )}
      <RouteMap view={view} open={mapOpen} onToggle={setMapOpen} />
      {skipped.length > 0 && (
        <>
          <Section title={t('round.skips', { n: skipped.length })} />
          <StopTrack>
            {skipped.map((stop) => (
              <Stop key={stop.id} number={stop.number} state="skipped" name={<StopName stop={stop} />} href={href({ name: 'scan', occurrence: view.occurrence, stop: stop.id })}>
                <Fact icon="st-partial">{skippedWhy(stop)}</Fact>
              </Stop>
            ))}
          </StopTrack>
        </>
      )}
      {visited.length > 0 && (
        <>
          <Section title={t('round.arrived', { n: visited.length })} />
          <StopTrack>
            {visited.map((stop) => (
              <Visited key={stop.id} stop={stop} view={view} />
            ))}
          </StopTrack>
        </>
      )}
    </Screen>
  );
}

function middleOf(view: RoundView): string {
  return now.value < view.from ? leftWords(view) : `${clock(now.value)} · ${leftWords(view)}`;
}

/** The one act at a colleague's round: to take it over. One press, and it is one's own. */
function TakeOver({ view }: { view: RoundView }) {
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const press = (): void => {
    setBusy(true);
    setProblem(null);
    takeRound(view.occurrence)
      .catch((error: unknown) => setProblem(problemText(error)))
      .finally(() => setBusy(false));
  };
  return (
    <>
      {problem !== null && (
        <p class="dock__say" role="alert">
          {problem}
        </p>
      )}
      <Button kind="main" icon="users" busy={busy} object={ownerName(view) === '' ? undefined : t('take.of', { name: ownerName(view) })} onPress={press}>
        {t('take.act')}
      </Button>
    </>
  );
}

/** What taking over means, before it is done. */
function Theirs({ view }: { view: RoundView }) {
  if (!view.standIn) {
    return (
      <Note tone="warn" icon="rc-marked">
        <b>{t('take.theirs', { name: ownerName(view) })}</b> {t('take.forbidden')}
      </Note>
    );
  }
  return (
    <Note tone="calm" icon="users">
      <b>{t('take.theirs', { name: ownerName(view) })}</b> {t('take.why')}
    </Note>
  );
}

/** What is to be said of the round as a whole, if anything. */
function Standing({ view }: { view: RoundView }) {
  if (view.known?.complete) return null;
  if (!nextStop(view) && view.stops.some((stop) => stop.state === 'skipped')) {
    return (
      <Note tone="calm" icon="st-partial">
        <b>{t('round.skips', { n: view.stops.filter((stop) => stop.state === 'skipped').length })}</b> {t('round.skipped.why')}
      </Note>
    );
  }
  if (!nextStop(view)) {
    return (
      <Note tone="calm" icon="rc-phone">
        <b>{t('round.done')}</b> {t('round.done.why')}
      </Note>
    );
  }
  if (view.makeup) {
    return (
      <Note tone="warn" icon="clock">
        <b>{t('round.makeup')}</b> {makeupWords(view)}
      </Note>
    );
  }
  if (view.state === 'partial' || view.state === 'missed') {
    return (
      <Note tone="warn" icon="clock">
        <b>{t('round.over')}</b> {t('round.over.why', { time: when(view.graceTo) })}
      </Note>
    );
  }
  if (now.value < view.from) {
    return (
      <Note tone="calm" icon="st-upcoming">
        {t('round.upcoming')}
      </Note>
    );
  }
  return null;
}

type ToComeProps = { stop: StopView; view: RoundView; isNext: boolean };

function ToCome({ stop, view, isNext }: ToComeProps) {
  const { occurrence } = view;
  const form = hasRequired(stop.form);
  const scan = openScan(stop);
  const leads = scan === null ? href({ name: 'scan', occurrence, stop: stop.id }) : href({ name: 'form', occurrence, stop: stop.id, scan });
  return (
    <Stop
      number={stop.number}
      state={isNext ? 'next' : 'todo'}
      name={<span lang={langOf(stop.name)}>{say(stop.name)}</span>}
      {...(isNext ? { lead: stop.zone ? `${t('round.next')} · ${say(stop.zone)}` : t('round.next') } : {})}
      href={leads}
    >
      {scan === null ? (
        <FormFacts stop={stop} />
      ) : (
        <Fact icon="rc-phone" tone="warn">
          {t('round.scanned')}
        </Fact>
      )}
      <TermFacts stop={stop} form={form} />
      {stop.reached && <Fact icon="users">{t('known.stop')}</Fact>}
      {asksBoth(view, stop) && <Fact icon="users">{t('round.crew.here')}</Fact>}
    </Stop>
  );
}

/** Whether both people scan at a stop that is to come: the first, the last that is left, and what was drawn. */
function asksBoth(view: RoundView, stop: StopView): boolean {
  if (view.crew < 2) return false;
  const left = view.stops.filter((one) => one.at === null && !one.skipped);
  const isFirst = left.length === view.stops.length && stop.state === 'next';
  return stop.both || isFirst || (left.length === 1 && left[0] === stop);
}

/** What waits at a stop: only a scan, or so many checks and readings. */
function FormFacts({ stop }: { stop: StopView }) {
  const fields = stop.form?.fields ?? [];
  const readings = fields.filter((field) => field.kind === 'number').length;
  const photos = fields.some((field) => field.kind === 'photo');
  const checks = fields.filter((field) => field.kind === 'check' || field.kind === 'choice' || field.kind === 'text').length;
  if (fields.length === 0 || !hasRequired(stop.form)) return <Fact>{t('round.walkon')}</Fact>;
  return (
    <>
      {checks > 0 && <Fact icon="list">{t('round.checks', { n: checks })}</Fact>}
      {readings > 0 && <Fact icon="gauge">{t('round.readings', { n: readings })}</Fact>}
      {photos && <Fact icon="camera">{t('round.photos')}</Fact>}
    </>
  );
}

function Visited({ stop, view }: { stop: StopView; view: RoundView }) {
  const entries = log.value.filter((entry) => stop.records.includes(entry.hash));
  const last = entries[0];
  return (
    <Stop
      number={stop.number}
      state={stop.state === 'fault' ? 'fault' : 'done'}
      name={<span lang={langOf(stop.name)}>{say(stop.name)}</span>}
      {...(last ? { href: href({ name: 'record', seq: last.seq }) } : {})}
    >
      {stop.at !== null && <span class="num">{clock(stop.at)}</span>}
      {stop.both && stop.at !== null && view.together?.withinMs && now.value < stop.at + view.together.withinMs && (
        <Fact icon="users">{t('round.crew.wait', { time: clock(stop.at + view.together.withinMs) })}</Fact>
      )}
      {last && <StateWord look={recordLooks[last.state]} pulse={last.state === 'sending'} />}
      {waitsForSecond(view, stop.id) && (
        <Button icon="users" href={href({ name: 'second', occurrence: view.occurrence, stop: stop.id })}>
          {t('crew2.act')}
        </Button>
      )}
      {stop.faults > 0 && (
        <Fact icon="report" tone="warn">
          {t('round.faults', { n: stop.faults })}
        </Fact>
      )}
    </Stop>
  );
}
