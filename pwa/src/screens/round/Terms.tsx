import { useEffect, useState } from 'preact/hooks';
import { langOf, say } from '../../i18n/label';
import { language, t, type TextKey } from '../../i18n/t';
import { now, person, roster, site } from '../../state/app';
import { dayOf } from '../../state/rounds';
import { holds } from '../../state/terms';
import type { RoundView } from '../../state/today';
import { Note } from '../../ui/Saved';
import { Fact } from '../../ui/StopTrack';
import { clock, type StopView } from '../words';

const SECOND_MS = 1_000;

/** `40 秒`, `1 分 20 秒`. */
export function shortly(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / SECOND_MS));
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return t('span.s', { n: seconds });
  return seconds % 60 === 0 ? t('span.min', { n: minutes }) : t('span.ms', { m: minutes, s: seconds % 60 });
}

/** `2、4`, `2, 4`. */
function listed(words: readonly string[]): string {
  return words.join(language.value === 'zh' ? '、' : ', ');
}

/** The moment now, to the second, as long as somebody waits for it. */
function useSeconds(on: boolean): number {
  const [from, setFrom] = useState({ at: now.value, since: performance.now() });
  const [, tick] = useState(0);
  useEffect(() => setFrom({ at: now.value, since: performance.now() }), [now.value]);
  useEffect(() => {
    if (!on) return undefined;
    const timer = setInterval(() => tick((n) => n + 1), SECOND_MS);
    return () => clearInterval(timer);
  }, [on]);
  return from.at + (performance.now() - from.since);
}

/** How long the person still stays at a stop; it proves nothing, the scans and the answers do. */
export function StayLeft({ stop, form }: { stop: StopView; form: boolean }) {
  const since = stop.stay?.since ?? null;
  const at = useSeconds(since !== null);
  if (!stop.stay || stop.stay.enough) return null;
  if (since === null) {
    return <Fact icon="clock">{t('round.stay', { time: shortly(stop.stay.ms) })}</Fact>;
  }
  const left = since + stop.stay.ms - at;
  return (
    <Fact icon="clock" tone="warn">
      <span role="timer">{left > 0 ? t('round.stay.left', { time: shortly(left) }) : t(form ? 'round.stay.over.form' : 'round.stay.over')}</span>
    </Fact>
  );
}

/** What a stop asks for beside its scan and its form. */
export function TermFacts({ stop, form }: { stop: StopView; form: boolean }) {
  return (
    <>
      {stop.window && <WindowFact window={stop.window} />}
      <StayLeft stop={stop} form={form} />
      {stop.certificate && <CertificateFact kind={stop.certificate} />}
    </>
  );
}

function WindowFact({ window: { from, to } }: { window: NonNullable<StopView['window']> }) {
  const off = now.value < from ? t('round.own_window.early', { from: clock(from) }) : now.value >= to ? t('round.own_window.late') : null;
  return (
    <Fact icon="clock" {...(off === null ? {} : { tone: 'warn' as const })}>
      {off ?? t('round.own_window', { from: clock(from), to: clock(to) })}
    </Fact>
  );
}

/** Who may, before anybody walks there: nothing is refused to who goes all the same. */
function CertificateFact({ kind }: { kind: string }) {
  const day = dayOf(now.value + (site.value?.day_start_min ?? 0) * 60_000, site.value);
  const name = t(`cert.${kind}` as TextKey);
  const own = roster.value.find((one) => one.id === person.value?.id) ?? null;
  if (holds(own, kind, day)) return <Fact icon="doc">{t('round.cert', { name })}</Fact>;
  const who = roster.value.filter((one) => holds(one, kind, day)).map((one) => one.name);
  return (
    <>
      <Fact icon="doc" tone="warn">
        {t('round.cert', { name })} · {t('round.cert.you')}
      </Fact>
      <Fact icon="users">{who.length > 0 ? t('round.cert.who', { names: listed(who) }) : t('round.cert.nobody')}</Fact>
    </>
  );
}

/** What the crew of a round does together. The drawn stops are told once the round has begun. */
export function CrewNote({ view }: { view: RoundView }) {
  const { together } = view;
  if (!together || together.withinMs === null) return null;
  const drawn = view.stops.filter((stop) => stop.both);
  return (
    <Note tone="calm" icon="users">
      {drawn.length > 0 && <b>{t('round.crew.drawn', { stops: listed(drawn.map((stop) => String(stop.number))) })} </b>}
      {t('round.crew.first', { n: Math.round(together.withinMs / 60_000) })}
    </Note>
  );
}

/** A stop that was skipped, with the reason, and that it is not done. */
export function skippedWhy(stop: StopView): string {
  return stop.skipped ? t('round.skipped', { why: t(`skip.${stop.skipped.reason}`) }) : '';
}

/** A stop's name in its language. */
export function StopName({ stop }: { stop: StopView }) {
  return <span lang={langOf(stop.name)}>{say(stop.name)}</span>;
}
