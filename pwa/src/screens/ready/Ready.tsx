import { useEffect, useState } from 'preact/hooks';
import { language, t } from '../../i18n/t';
import { Button, IconButton } from '../../ui/Button';
import { KeyValue, Verdict } from '../../ui/Facts';
import { Dock, Screen } from '../../ui/Screen';
import { href } from '../route';
import { runChecks, type Check } from './checks';

/** Before going where there is no network: one verdict, then the facts. */
export function Ready() {
  const [checks, setChecks] = useState<Check[] | null>(null);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let over = false;
    setChecks(null);
    void runChecks().then((found) => !over && setChecks(found));
    return () => {
      over = true;
    };
  }, [turn, language.value]);
  const wrong = checks?.filter((check) => check.tone === 'warn').length ?? 0;
  return (
    <Screen
      title={t('ready.title')}
      back={href({ name: 'menu' })}
      side={<IconButton name="swap" label={t('ready.check')} onPress={() => setTurn((n) => n + 1)} />}
      dock={
        <Dock plain>
          <Button kind="main" href={href({ name: 'today' })}>
            {t('ready.start')}
          </Button>
        </Dock>
      }
    >
      {checks === null && <Verdict tone="calm" icon="clock" title={t('ready.checking')} />}
      {checks !== null && wrong === 0 && <Verdict tone="good" icon="st-done" title={t('ready.ok')} />}
      {wrong > 0 && (
        <Verdict tone="warn" icon="rc-attention" title={t('ready.look', { n: wrong })}>
          {t('ready.rest')}
        </Verdict>
      )}
      {checks !== null && (
        <dl class="rows">
          {checks.map(({ id, ...check }) => (
            <KeyValue key={id} {...check} />
          ))}
        </dl>
      )}
    </Screen>
  );
}
