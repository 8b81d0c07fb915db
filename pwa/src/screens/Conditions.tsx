import { t } from '../i18n/t';
import { takeUpdate, updateWaits } from '../shell/update';
import { sync } from '../state/sync';
import { Strip } from '../ui/Screen';

/** What lasts and concerns the whole phone, one at a time: the store, a withdrawn phone, a Wi-Fi sign-in, no network, a new version. */
export function Conditions() {
  const { trouble, portal } = sync.value;
  if (trouble === 'store') return <Strip icon="rc-attention">{t('sync.store')}</Strip>;
  if (trouble === 'revoked') return <Strip icon="rc-attention">{t('sync.revoked')}</Strip>;
  if (trouble === 'portal' || portal) return <Strip icon="rc-attention">{t('sync.portal')}</Strip>;
  if (trouble === 'offline') return <Strip icon="offline">{t('offline')}</Strip>;
  if (trouble === 'reset') return <Strip icon="rc-attention">{t('sync.reset')}</Strip>;
  if (trouble === 'server') return <Strip icon="clock">{t('sync.server')}</Strip>;
  if (updateWaits.value) {
    return (
      <Strip icon="export" act={t('strip.update.act')} onAct={takeUpdate}>
        {t('strip.update')}
      </Strip>
    );
  }
  return null;
}
