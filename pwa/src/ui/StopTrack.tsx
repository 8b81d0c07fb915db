import type { ComponentChildren } from 'preact';
import { t } from '../i18n/t';
import { Icon } from './Icon';
import type { Segment } from './WindowBar';

/** The stops of a round as one vertical track, solid where it was walked and dotted where it leads. */
export function StopTrack({ children }: { children: ComponentChildren }) {
  return <ol class="track">{children}</ol>;
}

export type StopProps = {
  number: number;
  state: Segment;
  name: ComponentChildren;
  /** A line above the name of the next stop. */
  lead?: string;
  /** Where a touch leads, if anywhere. */
  href?: string;
  /** Facts under the name, as spans. */
  children?: ComponentChildren;
};

/** One stop. The next one is a framed card and comes first. */
export function Stop({ number, state, name, lead, href, children }: StopProps) {
  const visited = state === 'done' || state === 'fault';
  const body = (
    <>
      {lead !== undefined && <span class="meta">{lead}</span>}
      <strong>
        {visited && <i class="no">{number}</i>}
        {name}
      </strong>
      <span class="facts">{children}</span>
      <span class="vh">{t(`stop.${state}`)}</span>
    </>
  );
  return (
    <li class="stop" data-s={visited ? 'done' : state === 'next' ? 'next' : undefined}>
      <span class="stop__n" aria-hidden={visited ? 'true' : undefined}>
        <b>{visited ? <Icon name="check" /> : number}</b>
      </span>
      {href === undefined ? (
        <div class="stop__b">{body}</div>
      ) : (
        <a class="stop__b" href={href}>
          {body}
        </a>
      )}
    </li>
  );
}

/** A fact under a name: an icon and few words. */
export function Fact({ icon, tone, children }: { icon?: Parameters<typeof Icon>[0]['name']; tone?: 'warn'; children: ComponentChildren }) {
  return (
    <span data-tone={tone} class={tone ? 'facts__warn' : undefined}>
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
