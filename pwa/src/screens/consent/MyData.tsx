import { t } from '../../i18n/t';
import { agreed, given } from '../../state/consent';
import { Button } from '../../ui/Button';
import { Verdict } from '../../ui/Facts';
import { Dock, DockRow, Screen, Section } from '../../ui/Screen';
import { href } from '../route';
import { when } from '../words';
import { Told } from './Told';
import { useAnswer } from './useAnswer';

/** What a person said to places in their records, how to say otherwise, and the text once more. */
export function MyData() {
  const { busy, trouble, answer } = useAnswer();
  const yes = agreed.value;
  return (
    <Screen
      title={t('mydata.title')}
      back={href({ name: 'menu' })}
      dock={
        <Dock plain>
          {trouble !== null && (
            <p class="dock__say" role="alert">
              {trouble}
            </p>
          )}
          <DockRow>
            <Button busy={busy} onPress={() => void answer(!yes)}>
              {t(yes ? 'mydata.withdraw' : 'mydata.give')}
            </Button>
          </DockRow>
        </Dock>
      }
    >
      <Verdict tone="calm" icon="pin" title={t(yes ? 'mydata.given' : 'mydata.refused')}>
        {given.value ? t(yes ? 'mydata.given.why' : 'mydata.refused.why', { time: when(given.value.at) }) : null}
      </Verdict>
      <Section title={t('consent.title')} />
      <Told />
      <p class="meta">{t('mydata.ask')}</p>
    </Screen>
  );
}
