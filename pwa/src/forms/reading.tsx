/** How a reading is shown and entered: the number with its band, and the pad on a page of its own. Used by `number` and `meter`. */
import { useId, useState } from 'preact/hooks';
import { say } from '../i18n/label';
import { t, type TextKey } from '../i18n/t';
import { CANNOT_READ, difference, foldNumber, level, type Level } from '../protocol/forms';
import type { Limits } from '../protocol/entities';
import type { CannotRead } from '../protocol/records';
import { Button } from '../ui/Button';
import { Picks } from '../ui/choices';
import { Field } from '../ui/Field';
import { LimitBand, rangeWords } from '../ui/LimitBand';
import { Pad } from '../ui/Pad';
import { Note } from '../ui/Saved';
import { Dock, DockRow, Screen } from '../ui/Screen';
import { StateWord, type StateLook } from '../ui/State';
import type { InputProps, PageProps } from './kind';
import { Ask, FaultDetails, Hint } from './shared';

/** Digits before and after the point that a reading may have. */
const MAX_WHOLE = 12;

/** What a reading is measured on. */
export type Scale = {
  unit: string;
  decimals: number;
  limits: Limits;
  /** A counter: never below nought, and it only rises. */
  counter: boolean;
  last: { value: string; at_ms: number } | null;
  /** The most that it plausibly changes in an hour. */
  jump: string | null;
};

/** What was read, or why nothing could be. */
export type Read = { value: string } | { cannot: CannotRead } | null;

/** Where a value stands, with the side on which it is beyond. */
type Standing = { level: Level; side: 'high' | 'low' | null };

/** How `value` stands to the limits of its field. */
export function standingOf(value: string, limits: Limits): Standing {
  const found = level(value, limits);
  if (found === 'normal') return { level: found, side: null };
  const high = limits.warn_high ?? limits.alarm_high;
  return { level: found, side: high !== undefined && level(value, { alarm_high: high }) === 'alarm' ? 'high' : 'low' };
}

/** How far a value is from the last one when that is more than it plausibly changes: asks for another look, never refuses. */
export function jumpOf(value: string, { last, jump, counter }: Scale, now: number): { by: string; up: boolean } | null {
  if (!last) return null;
  const { by, up } = difference(value, last.value);
  if (counter && !up && level(by, { alarm_high: '0' }) === 'alarm') return { by, up };
  if (jump === null) return null;
  const hours = Math.max(1, (now - last.at_ms) / 3_600_000);
  return Number(by) > Number(jump) * hours ? { by, up } : null;
}

const WORD: Record<string, { look: StateLook; tone: 'bad' | 'warn' | 'good' }> = {
  'alarm high': { look: { tone: 'bad', icon: 'rc-attention', word: 'form.over' }, tone: 'bad' },
  'alarm low': { look: { tone: 'bad', icon: 'rc-attention', word: 'form.under' }, tone: 'bad' },
  'warning high': { look: { tone: 'warn', icon: 'rc-attention', word: 'form.warn_high' }, tone: 'warn' },
  'warning low': { look: { tone: 'warn', icon: 'rc-attention', word: 'form.warn_low' }, tone: 'warn' },
  'normal null': { look: { tone: 'good', icon: 'check', word: 'form.normal' }, tone: 'good' },
};

/** The word and tone of a standing. */
export function wordOf({ level: l, side }: Standing) {
  return WORD[`${l} ${side}`]!;
}

/** Whether a minus may be wanted: the limits say so, or there are none. */
function goesBelowZero({ limits, counter }: Scale): boolean {
  const all = Object.values(limits);
  return !counter && (all.length === 0 || all.some((limit) => limit.startsWith('-')));
}

/** The value with its word, the band, and what follows from it. */
export function Shown({ scale, value }: { scale: Scale; value: string }) {
  const { limits, unit, last } = scale;
  const number = value === '' ? null : foldNumber(value);
  const standing = number === null ? null : standingOf(number, limits);
  const show = (n: number) => n.toFixed(scale.decimals);
  const at = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const [warnLow, warnHigh] = [at(limits.warn_low), at(limits.warn_high)];
  return (
    <>
      <div class="reading">
        <output>{value === '' ? '–' : value}</output>
        <span class="unit">{unit}</span>
        {standing && Object.keys(limits).length > 0 && <StateWord look={wordOf(standing).look} />}
      </div>
      <LimitBand
        limits={{ alarmLow: at(limits.alarm_low), warnLow, warnHigh, alarmHigh: at(limits.alarm_high) }}
        value={number === null ? null : Number(number)}
        last={last ? Number(last.value) : null}
        show={show}
        unit={unit}
      />
      {standing?.level === 'alarm' && (
        <Note tone="bad" icon="rc-attention" live>
          {t(`form.alarm_${standing.side ?? 'high'}.why` as TextKey, {
            v: (standing.side === 'low' ? limits.alarm_low : limits.alarm_high) ?? '',
          })}
        </Note>
      )}
      {standing?.level === 'warning' && (
        <Note tone="warn" icon="rc-attention" live>
          {t('form.warn.why', { range: rangeWords(warnLow, warnHigh, show) })}
        </Note>
      )}
    </>
  );
}

type ReadingFieldProps = { of: InputProps; scale: Scale; read: Read };

/** The reading in the list: what stands there, and the way to the pad. */
export function ReadingField({ of, scale, read }: ReadingFieldProps) {
  const id = useId();
  const value = read && 'value' in read ? read.value : null;
  const cannot = read && 'cannot' in read ? read.cannot : null;
  const standing = value === null ? null : standingOf(value, scale.limits);
  const beyond = standing !== null && standing.level !== 'normal';
  const { last } = scale;
  return (
    <Ask
      of={of}
      id={id}
      {...(last ? { aside: t('form.last', { v: last.value, time: of.clock(last.at_ms) }) } : {})}
      tone={beyond ? wordOf(standing).tone : undefined}
    >
      {cannot !== null && (
        <div class="reading">
          <StateWord look={{ tone: 'warn', icon: 'rc-attention', word: 'form.cannot' }}>
            {t('form.cannot')} · {t(`form.cannot.${cannot}`)}
          </StateWord>
        </div>
      )}
      {value !== null && <Shown scale={scale} value={value} />}
      <Button icon="gauge" onPress={of.onOpen}>
        {t(read === null ? 'form.enter' : 'form.change')}
      </Button>
      {(cannot !== null || beyond) && <FaultDetails {...of} needsPhoto={false} />}
      {cannot !== null && (
        <Button kind="quiet" onPress={() => of.onAnswer(undefined)}>
          {t('form.cannot.undo')}
        </Button>
      )}
    </Ask>
  );
}

type ReadingPageProps = {
  of: Pick<PageProps, 'field' | 'place' | 'clock' | 'now'>;
  scale: Scale;
  read: Read;
  /** Whether there has to be a reading: then nobody is offered to say that it cannot be read. */
  must?: boolean;
  onDone: (read: Read) => void;
};

/** The number pad on a page of its own: value, band, keys; or why it cannot be read. */
export function ReadingPage({ of, scale, read, must = false, onDone }: ReadingPageProps) {
  const { field, place, clock, now } = of;
  const [value, setValue] = useState(read && 'value' in read ? read.value : '');
  const [asks, setAsks] = useState(false);
  const [looked, setLooked] = useState(false);
  const whyId = useId();
  const { decimals, limits, last } = scale;
  const entered = foldNumber(value);
  const isAlarm = entered !== null && level(entered, limits) === 'alarm';
  const jump = entered === null ? null : jumpOf(entered, scale, now);
  const change = (next: (before: string) => string): void => {
    setValue(next);
    setLooked(false);
  };
  const add = (key: string): void => change((before) => typed(before, key, decimals));
  const confirm = (): void => {
    if (entered === null) return;
    // once: whoever has looked again knows better than what came before
    if (jump && !looked) setLooked(true);
    else onDone({ value: entered });
  };
  const minus = { label: '±', name: t('form.minus'), press: () => add('-') };
  const point = { label: '.', name: t('form.point'), press: () => add('.') };
  return (
    <Screen
      small
      close
      onBack={() => onDone(null)}
      title={say(field.label)}
      sub={place}
      dock={
        asks ? (
          <Dock plain>
            <DockRow>
              <Button onPress={() => setAsks(false)}>{t('form.cannot.undo')}</Button>
            </DockRow>
          </Dock>
        ) : (
          <Dock plain>
            <Pad onDigit={add} onErase={() => change((before) => before.slice(0, -1))} corner={decimals > 0 || scale.counter ? point : minus} onEnter={confirm} />
            <DockRow>
              {!must && <Button onPress={() => setAsks(true)}>{t('form.cannot')}</Button>}
              {entered !== null && (
                <Button kind="main" icon="check" onPress={confirm}>
                  {t(jump && looked ? 'form.check.yes' : 'form.confirm')}
                </Button>
              )}
            </DockRow>
          </Dock>
        )
      }
    >
      {asks ? (
        <Field questionId={whyId} question={t('form.cannot.why')}>
          <Picks
            labelledBy={whyId}
            chosen={null}
            onChoose={(cannot: CannotRead) => onDone({ cannot })}
            choices={CANNOT_READ.map((why) => ({ value: why, word: t(`form.cannot.${why}`) }))}
          />
        </Field>
      ) : (
        <section class={isAlarm ? 'field field--bad' : 'field'} data-tone={isAlarm ? 'bad' : undefined}>
          <Hint field={field} />
          <Shown scale={scale} value={value} />
          {last && <p class="meta">{t('form.last', { v: last.value, time: clock(last.at_ms) })}</p>}
          {jump && looked && (
            <Note tone="warn" icon="rc-attention" live>
              {t(jump.up ? 'form.check' : 'form.check.low', { v: jump.by })}
            </Note>
          )}
          {decimals > 0 && goesBelowZero(scale) && (
            <Button kind="quiet" onPress={() => add('-')}>
              ± {t('form.minus')}
            </Button>
          )}
        </section>
      )}
    </Screen>
  );
}

/** What stands there after `key`: at most `decimals` after the point, one minus in front, no leading zeros. */
export function typed(now: string, key: string, decimals: number): string {
  if (key === '-') return now.startsWith('-') ? now.slice(1) : `-${now}`;
  const sign = now.startsWith('-') ? '-' : '';
  const [whole = '', fraction] = now.slice(sign.length).split('.');
  if (key === '.') return fraction !== undefined || decimals === 0 ? now : `${sign}${whole || '0'}.`;
  if (fraction !== undefined) return fraction.length >= decimals ? now : `${now}${key}`;
  if (whole.length >= MAX_WHOLE) return now;
  return whole === '0' ? `${sign}${key}` : `${now}${key}`;
}
