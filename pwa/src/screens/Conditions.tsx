import { say } from '../i18n/label';
import { t } from '../i18n/t';
import { takeUpdate, updateWaits } from '../shell/update';
import { damaged, lost, notices, outdated, risk, room, weak } from '../state/keeping';
import { isLeaving, phase } from '../state/app';
import { sync } from '../state/sync';
import { Strip } from '../ui/Screen';
import type { IconName } from '../ui/icons';
import { go } from './route';

/**
 * What lasts and concerns the whole phone, one at a time and the gravest first: the store, a withdrawn phone, a Wi-Fi
 * sign-in, no network, what the browser promises, a new version, what the server
 * has to say.
 */
export function Conditions() {
  const { trouble, portal, activity } = sync.value;
  if (room.value.state === 'full') return <Look icon="disk">{t('strip.full')}</Look>;
  if (lost.value) return <Look icon="rc-attention">{t('strip.lost')}</Look>;
  if (trouble === 'store') return <Strip icon="rc-attention">{t('sync.store')}</Strip>;
  if (trouble !== 'revoked' && phase.value === 'signed-in' && isLeaving()) return <Strip icon="rc-attention">{t('strip.draining')}</Strip>;
  if (trouble === 'revoked') return <Strip icon="rc-attention">{t('sync.revoked')}</Strip>;
  if (room.value.state === 'low') return <Look icon="disk">{lowRoom()}</Look>;
  if (risk.value === 'private') return <Strip icon="rc-attention">{t('strip.private')}</Strip>;
  if (damaged.value.length > 0) return <Look icon="rc-attention">{t('strip.damaged', { n: damaged.value.length })}</Look>;
  if (trouble === 'portal' || portal) return <Strip icon="rc-attention">{t('sync.portal')}</Strip>;
  if (trouble === 'offline') return <Strip icon="offline">{t('offline')}</Strip>;
  if (trouble === 'reset') return <Strip icon="rc-attention">{t('sync.reset')}</Strip>;
  if (trouble === 'unknown') return <Strip icon="rc-attention">{t('sync.unknown')}</Strip>;
  if (trouble === 'server') return <Strip icon="clock">{t('sync.server')}</Strip>;
  if (weak.value) return <Strip icon="rc-marked">{t('strip.weak')}</Strip>;
  if (outdated.value && !updateWaits.value) return <Strip icon="export">{t('strip.outdated')}</Strip>;
  // never in the middle of a round
  if (updateWaits.value && activity === 'idle') {
    return (
      <Strip icon="export" act={t('strip.update.act')} onAct={takeUpdate}>
        {t('strip.update')}
      </Strip>
    );
  }
  const [notice] = notices.value;
  return notice ? <Strip icon="rc-attention">{say(notice.text)}</Strip> : null;
}

/** The share where the browser tells one that says something, else that the reserve did not fit. */
function lowRoom(): string {
  const { percent } = room.value;
  return percent >= 80 ? t('strip.room', { p: percent }) : t('strip.scarce');
}

/** A condition with a screen that says more. */
function Look({ icon, children }: { icon: IconName; children: string }) {
  return (
    <Strip icon={icon} act={t('strip.see')} onAct={() => go({ name: 'rescue' })}>
      {children}
    </Strip>
  );
}
