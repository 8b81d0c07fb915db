import { useState } from 'preact/hooks';
import { syncNow } from '../../actions/syncNow';
import { t } from '../../i18n/t';
import { device, phase } from '../../state/app';
import { sync } from '../../state/sync';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { KeyValue, Verdict } from '../../ui/Facts';
import { Dock, Screen } from '../../ui/Screen';
import { Conditions } from '../Conditions';
import { href } from '../route';
import { when } from '../words';

/** A phone that is taken out of service: it asks nobody to sign in, and says what it still has to hand over. */
export function Leaving() {
  if (phase.value === 'wiped') return <Wiped />;
  const { unsent, photosUnsent, lastFullRound, trouble } = sync.value;
  const isEmpty = unsent === 0 && photosUnsent === 0;
  return (
    <Screen title={t('leave.title')} {...(device.value ? { sub: device.value.name } : {})} {...(trouble === 'revoked' ? {} : { strip: <Conditions /> })} dock={<Send />}>
      {isEmpty ? (
        <Verdict tone="good" icon="rc-received" title={t('leave.empty')}>
          {t('leave.empty.why')}
        </Verdict>
      ) : (
        <Verdict tone="warn" icon="rc-sending" title={t('leave.left')}>
          {t('leave.left.why')}
        </Verdict>
      )}
      <dl class="rows">
        <KeyValue tone="calm" icon="rc-phone" name={t('leave.records')} value={String(unsent)} />
        <KeyValue tone="calm" icon="camera" name={t('leave.photos')} value={String(photosUnsent)} />
        <KeyValue tone="calm" icon="clock" name={t('ready.heard')} value={lastFullRound === null ? t('sync.never') : when(lastFullRound)} />
      </dl>
      <p>{t(trouble === 'revoked' ? 'leave.revoked' : 'leave.draining')}</p>
      <Button kind="quiet" icon="export" href={href({ name: 'rescue' })}>
        {t('rescue.title')}
      </Button>
    </Screen>
  );
}

function Send() {
  const [busy, setBusy] = useState(false);
  const send = (): void => {
    setBusy(true);
    void syncNow().finally(() => setBusy(false));
  };
  return (
    <Dock plain>
      <Button kind="main" icon="rc-sending" busy={busy} onPress={send}>
        {t('leave.send')}
      </Button>
    </Dock>
  );
}

/** Nothing of the phone is left in this browser; it may join again like a new one. */
function Wiped() {
  return (
    <Screen title={t('leave.wiped')}>
      <div class="card">
        <Empty icon="st-done" title={t('leave.wiped.done')} act={<Button onPress={() => location.reload()}>{t('leave.wiped.again')}</Button>}>
          {t('leave.wiped.why')}
        </Empty>
      </div>
    </Screen>
  );
}
