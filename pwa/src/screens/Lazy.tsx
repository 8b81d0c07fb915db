import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { Screen } from '../ui/Screen';

/** Loads the code of a screen. It is asked once; a load that failed may be tried again. */
export type Load<P> = () => Promise<ComponentType<P>>;

const loaded = new Map<unknown, ComponentType<never>>();

export type LazyProps<P> = { load: Load<P>; props: P };

/** Shows a screen as soon as its code is here; without a network that is the service worker's copy. */
export function Lazy<P extends object>({ load, props }: LazyProps<P>) {
  const [, draw] = useState(0);
  const [failed, setFailed] = useState(false);
  const Loaded = loaded.get(load) as ComponentType<P> | undefined;
  useEffect(() => {
    if (Loaded || failed) return;
    void load().then(
      (screen) => {
        loaded.set(load, screen as ComponentType<never>);
        draw((n) => n + 1);
      },
      () => setFailed(true),
    );
  }, [load, failed]);
  if (Loaded) return <Loaded {...props} />;
  if (!failed) return null;
  return (
    <Screen title={t('app.name')}>
      <Empty icon="offline" title={t('start.screen')} act={<Button onPress={() => setFailed(false)}>{t('enrol.retry')}</Button>}>
        {t('start.screen.why')}
      </Empty>
    </Screen>
  );
}
