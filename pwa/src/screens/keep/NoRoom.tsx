import { useState } from 'preact/hooks';
import { lookAgain } from '../../actions/room';
import { syncNow } from '../../actions/syncNow';
import { t } from '../../i18n/t';
import { sync } from '../../state/sync';
import { Button } from '../../ui/Button';
import { Note } from '../../ui/Saved';
import { Dock, Screen } from '../../ui/Screen';
import { href } from '../route';

/** Nothing may be recorded: there is no room. What is here is safe, and this says how to make room. */
export function NoRoom() {
  const [busy, setBusy] = useState(false);
  const again = (): void => {
    setBusy(true);
    const send = sync.value.trouble === 'offline' ? Promise.resolve() : syncNow();
    void send
      .then(lookAgain)
      .catch(() => undefined)
      .finally(() => setBusy(false));
  };
  const { unsent, photosUnsent } = sync.value;
  return (
    <Screen
      title={t('full.title')}
      back={href({ name: 'today' })}
      dock={
        <Dock plain>
          <Button kind="main" busy={busy} onPress={again}>
            {t('full.again')}
          </Button>
        </Dock>
      }
    >
      <Note tone="bad" icon="disk" live>
        <b>{t('full.stop')}</b> {t('full.why')}
      </Note>
      <p>{t('full.how')}</p>
      <p class="meta">{t('full.here', { n: unsent, m: photosUnsent })}</p>
      <Button icon="export" href={href({ name: 'rescue' })}>
        {t('rescue.act')}
      </Button>
    </Screen>
  );
}
