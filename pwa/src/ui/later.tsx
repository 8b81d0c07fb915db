/** Parts that few forms need: their code comes when they are shown, from the service worker's copy where there is no network. */
import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/t';
import { Button } from './Button';

export type Later<P> = ComponentType<P> & {
  /** Load the code before it is shown. */
  ready?: () => Promise<void>;
};

/** A component whose code is loaded when it is first shown. A load that failed may be tried again. */
export function later<P extends object>(load: () => Promise<ComponentType<P>>): Later<P> {
  let loaded: ComponentType<P> | null = null;
  const ready = async (): Promise<void> => {
    loaded = await load();
  };
  function Later(props: P) {
    const [state, setState] = useState<'loading' | 'here' | 'failed'>(loaded ? 'here' : 'loading');
    useEffect(() => {
      if (state !== 'loading') return;
      void ready().then(
        () => setState('here'),
        () => setState('failed'),
      );
    }, [state]);
    const Part = loaded;
    if (Part) return <Part {...props} />;
    return state === 'failed' ? (
      <Button icon="rc-attention" onPress={() => setState('loading')}>
        {t('part.failed')}
      </Button>
    ) : null;
  }
  return Object.assign(Later, { ready });
}
