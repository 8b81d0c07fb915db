import { clockTime } from '../i18n/format';
import { t } from '../i18n/t';
import { Icon } from './Icon';
import type { IconName } from './icons';

export type SyncBadgeProps = {
  /** Records that are on this phone only. */
  unsent: number;
  /** Photos that are on this phone only. */
  photosUnsent: number;
  /** Records that the server has set aside and nobody has looked at. */
  refused: number;
  /** Whether something of other people waits on this phone. */
  others?: boolean;
  /** Whether nothing waits and the last full round was under ten minutes ago: the only case for green. */
  allReceived: boolean;
  /** When the last full round ended, ms, or null if there was none. */
  lastFullRound: number | null;
  sending: boolean;
  zone: string;
  /** Where a tap leads. */
  href: string;
};

type Look = { tone: '' | 'ok' | 'bad'; icon: IconName; text: string };

function look(p: SyncBadgeProps): Look {
  if (p.refused > 0) return { tone: 'bad', icon: 'rc-attention', text: t('sync.refused', { n: p.refused }) };
  if (p.unsent > 0) {
    return p.sending
      ? { tone: '', icon: 'rc-sending', text: t('sync.sending', { n: p.unsent }) }
      : { tone: '', icon: 'rc-phone', text: t('sync.waiting', { n: p.unsent }) };
  }
  if (p.photosUnsent > 0) return { tone: '', icon: 'rc-sending', text: t('sync.photos', { n: p.photosUnsent }) };
  if (p.others) return { tone: '', icon: 'rc-phone', text: t('sync.others') };
  if (p.lastFullRound === null) return { tone: '', icon: 'rc-phone', text: t('sync.never') };
  const text = t('sync.ok', { time: clockTime(p.lastFullRound, p.zone) });
  return p.allReceived ? { tone: 'ok', icon: 'rc-received', text } : { tone: '', icon: 'clock', text };
}

/** Says in one line whether the work is with the server. It knows only what the server has said, never a guess. */
export function SyncBadge(props: SyncBadgeProps) {
  const { tone, icon, text } = look(props);
  return (
    <a class={`sync sync--row${tone ? ` sync--${tone}` : ''}`} href={props.href}>
      <Icon name={icon} />
      <span class="grow" role="status">
        {text}
      </span>
      <Icon name="next" />
    </a>
  );
}
