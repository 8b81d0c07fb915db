import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { IconName } from './icons';

export type EmptyProps = { icon: IconName; title: string; children?: ComponentChildren; act?: ComponentChildren };

/** What is so, what to do, and at most one button. Being offline is no error and has no red. */
export function Empty({ icon, title, children, act }: EmptyProps) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <strong>{title}</strong>
      {children}
      {act !== undefined && <p class="empty__act">{act}</p>}
    </div>
  );
}
