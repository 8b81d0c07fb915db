/** One of several: three answers in a row, or a grid of picks. Arrow keys move, as in every radio group. */
import { useId } from 'preact/hooks';
import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { IconName } from './icons';
import type { Tone } from './State';

export type Choice<V extends string> = { value: V; word: ComponentChildren; icon?: IconName; tone?: Tone };

export type ChoicesProps<V extends string> = {
  /** The id of the question's element. */
  labelledBy: string;
  choices: readonly Choice<V>[];
  /** Null while nothing is chosen: nothing is ever chosen beforehand. */
  chosen: V | null;
  onChoose: (value: V) => void;
};

/** Up to four answers in a row, as large as the thumb. */
export function Answers<V extends string>(props: ChoicesProps<V>) {
  return <Group {...props} box="tri" option="" />;
}

/** Up to six picks with an icon above the word. */
export function Picks<V extends string>(props: ChoicesProps<V>) {
  return <Group {...props} box="picks" option="pick" />;
}

function Group<V extends string>(props: ChoicesProps<V> & { box: string; option: string }) {
  const { labelledBy, choices, chosen, onChoose, box, option } = props;
  const name = useId();
  return (
    <div class={box} data-n={choices.length} role="radiogroup" aria-labelledby={labelledBy}>
      {choices.map((choice) => (
        <label key={choice.value} class={`choice ${option}`.trim()} data-tone={choice.tone} data-on={chosen === choice.value ? '' : undefined}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={chosen === choice.value}
            onChange={() => onChoose(choice.value)}
          />
          {choice.icon && <Icon name={choice.icon} />}
          <span>{choice.word}</span>
        </label>
      ))}
    </div>
  );
}
