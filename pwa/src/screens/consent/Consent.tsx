import { language, t } from '../../i18n/t';
import { person } from '../../state/app';
import { chooseLanguage } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Dock, DockRow, Screen } from '../../ui/Screen';
import { Told } from './Told';
import { useAnswer } from './useAnswer';

/** Asked once, and again when the text changes. Yes and no weigh the same: neither is the yellow one. */
export function Consent() {
  const { busy, trouble, answer } = useAnswer();
  return (
    <Screen
      title={t('consent.title')}
      {...(person.value ? { sub: person.value.name } : {})}
      side={
        <button
          type="button"
          class="iconbtn strong"
          lang={language.value === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => void chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}
        >
          {t('lang.other')}
        </button>
      }
      dock={
        <Dock plain>
          <p class="dock__say" role="status">
            {trouble ?? t('consent.ask')}
          </p>
          <DockRow>
            <Button busy={busy} onPress={() => void answer(false)}>
              {t('consent.refuse')}
            </Button>
            <Button busy={busy} onPress={() => void answer(true)}>
              {t('consent.give')}
            </Button>
          </DockRow>
        </Dock>
      }
    >
      <Told />
    </Screen>
  );
}
