import type { ComponentChildren } from 'preact';
import { proveAgain } from '../../actions/signIn';
import { t } from '../../i18n/t';
import { isProven, person } from '../../state/app';
import { Empty } from '../../ui/Empty';
import { Pad, PinDots } from '../../ui/Pad';
import { Dock, Screen } from '../../ui/Screen';
import { href } from '../route';
import { usePin } from './usePin';

/** What is a person's own: on a phone that many hold it is shown after the PIN, when the last one is a while ago. */
export function Own({ title, children }: { title: string; children: ComponentChildren }) {
  return isProven.value ? <>{children}</> : <AskAgain title={title} />;
}

function AskAgain({ title }: { title: string }) {
  const pin = usePin(proveAgain, true);
  return (
    <Screen
      title={title}
      back={href({ name: 'today' })}
      dock={
        <Dock plain>
          <p class="dock__say" role="status">
            {pin.say(t('pin.ask', { name: person.value?.name ?? '' }))}
          </p>
          <PinDots entered={pin.entered} />
          <Pad onDigit={pin.digit} onErase={pin.erase} />
        </Dock>
      }
    >
      <div class="card">
        <Empty icon="user" title={t('pin.own')}>
          {t('pin.own.why')}
        </Empty>
      </div>
    </Screen>
  );
}
