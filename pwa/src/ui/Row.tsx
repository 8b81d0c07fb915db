import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { Tone } from './State';

export type RowProps = {
  href: string;
  /** What leads the row: a time, and the time it ends as `until`. */
  time?: string;
  until?: string;
  title: ComponentChildren;
  tone?: Tone;
  children?: ComponentChildren;
};

/** One row of a list; all of it is the target. */
export function Row({ href, time, until, title, tone, children }: RowProps) {
  return (
    <li>
      <a class="row" href={href} data-tone={tone}>
        {time !== undefined && (
          <span class="row__time num">
            {time}
            {until !== undefined && <span>{until}</span>}
          </span>
        )}
        <span class="row__b">
          <strong>{title}</strong>
          {children}
        </span>
        <span class="chev">
          <Icon name="next" />
        </span>
      </a>
    </li>
  );
}
