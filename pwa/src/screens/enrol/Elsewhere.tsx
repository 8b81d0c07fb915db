import { useState } from 'preact/hooks';
import { t } from '../../i18n/t';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Screen } from '../../ui/Screen';
import { Languages } from './Languages';
import type { Standing } from './where';

/** How to go on where a phone cannot join. Nothing is asked of the server here, so the code stays good. */
export function Elsewhere({ where, code }: { where: Exclude<Standing, { kind: 'here' }>; code: string | null }) {
  const isInside = where.kind === 'inside';
  return (
    <Screen title={t('enrol.title')} side={<Languages />}>
      <div class="card">
        <Empty icon="export" title={t(isInside ? 'enrol.inside' : 'enrol.ios')}>
          {isInside && <p>{t(`enrol.inside.${where.app}`)}</p>}
        </Empty>
        {!isInside && <InstallSteps />}
      </div>
      {code !== null && (
        <section class="card">
          <p>{t('enrol.unspent')}</p>
          <p class="code">{isInside ? location.href : code}</p>
          <Copy text={isInside ? location.href : code} />
        </section>
      )}
    </Screen>
  );
}

function InstallSteps() {
  return (
    <ol class="ways">
      <li>{t('enrol.ios.1')}</li>
      <li>{t('enrol.ios.2')}</li>
      <li>{t('enrol.ios.3')}</li>
    </ol>
  );
}

/** Copy a text; where the browser does not let a page do so, it says how a finger does. */
function Copy({ text }: { text: string }) {
  const [done, setDone] = useState<boolean | null>(null);
  const copy = async (): Promise<void> => {
    const clipboard = navigator.clipboard as Clipboard | undefined;
    setDone((await clipboard?.writeText(text).then(() => true, () => false)) ?? false);
  };
  return (
    <>
      <Button kind="ink" icon="doc" onPress={() => void copy()}>
        {t(done ? 'enrol.copied' : 'enrol.copy')}
      </Button>
      {done === false && <p role="status">{t('enrol.copy.hand')}</p>}
    </>
  );
}
