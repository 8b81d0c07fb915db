import type { ComponentChildren } from 'preact';
import { Icon } from './Icon';
import type { IconName } from './icons';
import type { Tone } from './State';

export type KeyValueProps = { tone: Tone; icon: IconName; name: string; value: ComponentChildren; why?: string };

/** One fact of a list: a name and a value; only what is wrong explains itself. */
export function KeyValue({ tone, icon, name, value, why }: KeyValueProps) {
  return (
    <div class="kv" data-tone={tone}>
      <dt>
        <Icon name={icon} />
        {name}
      </dt>
      <dd class="num">{value}</dd>
      {why !== undefined && <dd class="kv__why">{why}</dd>}
    </div>
  );
}

/** One verdict over a list of facts. */
export function Verdict({ tone, icon, title, children }: { tone: Tone; icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="ready" data-tone={tone} role="status">
      <Icon name={icon} />
      <div>
        <strong>{title}</strong>
        {children !== undefined && <p>{children}</p>}
      </div>
    </div>
  );
}
