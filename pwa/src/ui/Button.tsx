import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { IconName } from './icons';

/** `main` is the one yellow act of a screen and belongs into a dock; `todo` is a main act that says what is missing. */
export type ButtonKind = 'plain' | 'main' | 'todo' | 'ink' | 'bad' | 'quiet';

export type ButtonProps = {
  kind?: ButtonKind;
  icon?: IconName;
  /** An icon after the words: where the act leads. */
  after?: IconName;
  /** What the act is done to, as a second line of a main act. */
  object?: ComponentChildren;
  /** Where it leads; then it is a link. */
  href?: string;
  onPress?: () => void;
  /** The act is under way: it cannot be pressed twice. */
  busy?: boolean;
  submit?: boolean;
  children: ComponentChildren;
};

const CLASS: Record<ButtonKind, string> = {
  plain: 'btn',
  main: 'btn btn--main',
  todo: 'btn btn--main btn--todo',
  ink: 'btn btn--ink',
  bad: 'btn btn--bad',
  quiet: 'btn btn--quiet',
};

/** A button, or a link that looks like one. Its words are a verb and its object. */
export function Button(props: ButtonProps) {
  const { kind = 'plain', icon, after, object, href, onPress, busy = false, submit = false, children } = props;
  const inside = (
    <>
      {icon && <Icon name={icon} />}
      <span>
        {children}
        {object !== undefined && <small>{object}</small>}
      </span>
      {after && <Icon name={after} />}
    </>
  );
  if (href !== undefined) {
    return (
      <a class={CLASS[kind]} href={href} onClick={onPress}>
        {inside}
      </a>
    );
  }
  return (
    <button
      type={submit ? 'submit' : 'button'}
      class={CLASS[kind]}
      aria-busy={busy}
      onClick={() => !busy && onPress?.()}
    >
      {inside}
    </button>
  );
}

export type IconButtonProps = { name: IconName; label: string; href?: string; onPress?: () => void };

/** An icon that acts alone, with its name for those who do not see it. */
export function IconButton({ name, label, href, onPress }: IconButtonProps) {
  if (href !== undefined) {
    return (
      <a class="iconbtn" href={href} aria-label={label}>
        <Icon name={name} />
      </a>
    );
  }
  return (
    <button type="button" class="iconbtn" aria-label={label} onClick={onPress}>
      <Icon name={name} />
    </button>
  );
}
