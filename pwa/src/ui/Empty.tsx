import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { IconName } from './icons';

export type EmptyProps = {
  icon: IconName;
  title: string;
  /** The page says nothing else: its title is the page's heading. */
  page?: boolean;
  children?: ComponentChildren;
  act?: ComponentChildren;
};

/** What is so, what to do, and at most one button. Being offline is no error and has no red. */
export function Empty({ icon, title, page = false, children, act }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      {page ? <h1>{title}</h1> : <strong>{title}</strong>}
      {children}
      {act !== undefined && <p class="empty__act">{act}</p>}
    </div>
  );
}
