import { useId, useState } from 'preact/hooks';
import { say } from '../../i18n/label';
import { t, type TextKey } from '../../i18n/t';
import { CANNOT_READ, foldNumber, level, type Level } from '../../protocol/forms';
import type { Limits, NumberField } from '../../protocol/entities';
import type { Answer, CannotRead } from '../../protocol/records';
import { Button } from '../../ui/Button';
import { Picks } from '../../ui/choices';
import { Field } from '../../ui/Field';
import { LimitBand, rangeWords } from '../../ui/LimitBand';
import { Pad } from '../../ui/Pad';
import { Note } from '../../ui/Saved';
import { Dock, DockRow, Screen } from '../../ui/Screen';
import { StateWord, type StateLook } from '../../ui/State';
import { anchorOf, type InputProps, type Kind, type PageProps } from '../kind';
import { FaultDetails, Hint, Question } from '../shared';

/** Digits before and after the point that a reading may have. */
const MAX_WHOLE = 12;

/** Where a value stands, with the side on which it is beyond. */
type Standing = { level: Level; side: 'high' | 'low' | null };

/** How `value` stands to the limits of its field. */
export function standingOf(value: string, limits: Limits): Standing {
  const found = level(value, limits);
  if (found === 'normal') return { level: found, side: null };
  const high = limits.warn_high ?? limits.alarm_high;
  return { level: found, side: high !== undefined && level(value, { alarm_high: high }) === 'alarm' ? 'high' : 'low' };
}

const WORD: Record<string, { look: StateLook; tone: 'bad' | 'warn' | 'good' }> = {
  'alarm high': { look: { tone: 'bad', icon: 'rc-attention', word: 'form.over' }, tone: 'bad' },
  'alarm low': { look: { tone: 'bad', icon: 'rc-attention', word: 'form.under' }, tone: 'bad' },
  'warning high': { look: { tone: 'warn', icon: 'rc-attention', word: 'form.warn_high' }, tone: 'warn' },
  'warning low': { look: { tone: 'warn', icon: 'rc-attention', word: 'form.warn_low' }, tone: 'warn' },
  'normal null': { look: { tone: 'good', icon: 'check', word: 'form.normal' }, tone: 'good' },
};

function wordOf({ level: l, side }: Standing) {
  return WORD[`${l} ${side}`]!;
}

function hasLimits(limits: Limits): boolean {
  return Object.keys(limits).length > 0;
}

/** Whether a minus may be wanted: the limits say so, or there are none. */
function goesBelowZero(limits: Limits): boolean {
  const all = Object.values(limits);
  return all.length === 0 || all.some((limit) => limit.startsWith('-'));
}

/** The value with its word, the band, and what follows from it. */
function Reading({ field, value }: { field: NumberField; value: string }) {
  const limits = field.limits ?? {};
  const number = value === '' ? null : foldNumber(value);
  const standing = number === null ? null : standingOf(number, limits);
  const show = (n: number) => n.toFixed(field.decimals ?? 0);
  const at = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  const [warnLow, warnHigh] = [at(limits.warn_low), at(limits.warn_high)];
  return (
    <>
      <div class="reading">
        <output>{value === '' ? '–' : value}</output>
        <span class="unit">{field.unit}</span>
        {standing && hasLimits(limits) && <StateWord look={wordOf(standing).look} />}
      </div>
      <LimitBand
        limits={{ alarmLow: at(limits.alarm_low), warnLow, warnHigh, alarmHigh: at(limits.alarm_high) }}
        value={number === null ? null : Number(number)}
        show={show}
        unit={field.unit ?? ''}
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

function Input(props: InputProps<NumberField>) {
  const { field, answer, onAnswer, onOpen } = props;
  const id = useId();
  const value = typeof answer === 'string' ? answer : '';
  const cannot = typeof answer === 'object' && 'cannot_read' in answer ? answer.cannot_read : null;
  const standing = value === '' ? null : standingOf(value, field.limits ?? {});
  const beyond = standing !== null && standing.level !== 'normal';
  const aside = field.required ? undefined : t('form.optional');
  return (
    <Field
      questionId={id}
      question={<Question field={field} />}
      {...(aside === undefined ? {} : { aside })}
      {...(beyond ? { tone: wordOf(standing).tone } : {})}
      anchor={anchorOf(field.id)}
    >
      <Hint field={field} />
      {cannot !== null && (
        <div class="reading">
          <StateWord look={{ tone: 'warn', icon: 'rc-attention', word: 'form.cannot' }}>
            {t('form.cannot')} · {t(`form.cannot.${cannot}`)}
          </StateWord>
        </div>
      )}
      {value !== '' && <Reading field={field} value={value} />}
      <Button icon="gauge" onPress={onOpen}>
        {t(value === '' && cannot === null ? 'form.enter' : 'form.change')}
      </Button>
      {cannot !== null && <FaultDetails {...(props as InputProps)} needsPhoto={false} />}
      {beyond && <FaultDetails {...(props as InputProps)} needsPhoto={false} />}
      {cannot !== null && (
        <Button kind="quiet" onPress={() => onAnswer(undefined)}>
          {t('form.cannot.undo')}
        </Button>
      )}
    </Field>
  );
}

/** The number pad on a page of its own: value, band, keys; or why it cannot be read. */
function Page({ field, answer, place, onDone }: PageProps<NumberField>) {
  const [value, setValue] = useState(typeof answer === 'string' ? answer : '');
  const [asks, setAsks] = useState(false);
  const whyId = useId();
  const decimals = field.decimals ?? 0;
  const limits = field.limits ?? {};
  const entered = foldNumber(value);
  const isAlarm = entered !== null && level(entered, limits) === 'alarm';
  const add = (key: string): void => setValue((now) => typed(now, key, decimals));
  const confirm = (): void => {
    if (entered !== null) onDone(entered);
  };
  const corner =
    decimals > 0
      ? { label: '.', name: t('form.point'), press: () => add('.') }
      : { label: '±', name: t('form.minus'), press: () => add('-') };
  return (
    <Screen
      small
      close
      onBack={() => onDone(undefined)}
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
            <Pad onDigit={add} onErase={() => setValue((now) => now.slice(0, -1))} corner={corner} onEnter={confirm} />
            <DockRow>
              <Button onPress={() => setAsks(true)}>{t('form.cannot')}</Button>
              {entered !== null && (
                <Button kind="main" icon="check" onPress={confirm}>
                  {t('form.confirm')}
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
            onChoose={(why: CannotRead) => onDone({ cannot_read: why } satisfies Answer)}
            choices={CANNOT_READ.map((why) => ({ value: why, word: t(`form.cannot.${why}`) }))}
          />
        </Field>
      ) : (
        <section class={isAlarm ? 'field field--bad' : 'field'} data-tone={isAlarm ? 'bad' : undefined}>
          <Hint field={field} />
          <Reading field={field} value={value} />
          {decimals > 0 && goesBelowZero(limits) && (
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

/** A reading: own number pad, unit, limits as a band. */
export const number: Kind<NumberField> = { kind: 'number', Input, Page };
