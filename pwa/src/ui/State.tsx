/** The state language: tone, fill, icon and word of every state, in one place for phone and console. */
import type { ComponentChildren } from 'preact';
import { t, type TextKey } from '../i18n/t';
import { Icon } from './Icon';
import type { IconName } from './icons';

export type Tone = 'good' | 'warn' | 'bad' | 'unsure' | 'live' | 'calm';

/** The ten states of an occurrence. */
export type OccurrenceState =
  | 'upcoming'
  | 'open'
  | 'progress'
  | 'done'
  | 'late'
  | 'partial'
  | 'missed'
  | 'excused'
  | 'unheard'
  | 'unproven';

/** The states of a record as its author sees it. */
export type RecordState = 'saved' | 'sending' | 'received' | 'attention' | 'marked';

export type StateLook = { tone: Tone; icon: IconName; word: TextKey };

/** How each state of an occurrence looks. */
export const occurrenceLooks: Record<OccurrenceState, StateLook> = {
  upcoming: { tone: 'calm', icon: 'st-upcoming', word: 'state.upcoming' },
  open: { tone: 'live', icon: 'st-open', word: 'state.open' },
  progress: { tone: 'live', icon: 'st-progress', word: 'state.progress' },
  done: { tone: 'good', icon: 'st-done', word: 'state.done' },
  late: { tone: 'warn', icon: 'st-late', word: 'state.late' },
  partial: { tone: 'warn', icon: 'st-partial', word: 'state.partial' },
  missed: { tone: 'bad', icon: 'st-missed', word: 'state.missed' },
  excused: { tone: 'calm', icon: 'st-excused', word: 'state.excused' },
  unheard: { tone: 'unsure', icon: 'st-unheard', word: 'state.unheard' },
  unproven: { tone: 'unsure', icon: 'st-unproven', word: 'state.unproven' },
};

/** How each state of a record looks. Saved is hollow, received is solid: no screen may swap them. */
export const recordLooks: Record<RecordState, StateLook> = {
  saved: { tone: 'calm', icon: 'rc-phone', word: 'rec.saved' },
  sending: { tone: 'live', icon: 'rc-sending', word: 'rec.sending' },
  received: { tone: 'good', icon: 'rc-received', word: 'rec.received' },
  attention: { tone: 'bad', icon: 'rc-attention', word: 'rec.attention' },
  marked: { tone: 'warn', icon: 'rc-marked', word: 'rec.marked' },
};

/** The class of a ground that shows how sure we are: hatched for silence, dotted for unproven. */
export function fillOf(state: OccurrenceState): string {
  if (state === 'unheard') return 'chip--hatch';
  if (state === 'unproven') return 'chip--dots';
  return state === 'excused' ? 'chip--line' : '';
}

export type ChipProps = { tone: Tone; icon: IconName; fill?: string; children: ComponentChildren };

/** A word with an icon on a soft ground; two at most in a row. */
export function Chip({ tone, icon, fill = '', children }: ChipProps) {
  return (
    <span class={`chip ${fill}`.trim()} data-tone={tone}>
      <Icon name={icon} />
      {children}
    </span>
  );
}

/** The chip of an occurrence. */
export function OccurrenceChip({ state }: { state: OccurrenceState }) {
  const { tone, icon, word } = occurrenceLooks[state];
  return (
    <Chip tone={tone} icon={icon} fill={fillOf(state)}>
      {t(word)}
    </Chip>
  );
}

export type StateWordProps = {
  look: StateLook;
  /** Words instead of the state's own, such as `Sending · photo 1/2`. */
  children?: ComponentChildren;
  /** Something is under way; the only thing on a screen that may move. */
  pulse?: boolean;
};

/** Icon and word without a ground, for dense rows. */
export function StateWord({ look, children, pulse = false }: StateWordProps) {
  return (
    <span class={pulse ? 'state pulse' : 'state'} data-tone={look.tone}>
      <Icon name={look.icon} />
      <span>{children ?? t(look.word)}</span>
    </span>
  );
}
