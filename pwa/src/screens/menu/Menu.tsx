import { useId, useState } from 'preact/hooks';
import { signOut } from '../../actions/signIn';
import { language, t, type Language } from '../../i18n/t';
import { device, person, site } from '../../state/app';
import { agreed } from '../../state/consent';
import { parts } from '../../state/stock';
import { chooseLanguage, chooseSound, chooseTheme, sound, theme, type Theme } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Answers } from '../../ui/choices';
import { Dialog } from '../../ui/Dialog';
import { KeyValue } from '../../ui/Facts';
import { Field } from '../../ui/Field';
import { Row } from '../../ui/Row';
import { Screen, Section } from '../../ui/Screen';
import { say } from '../../i18n/label';
import { own } from '../own';
import { href, replace } from '../route';

/** Language, light or dark, sound, what this phone is, and handing it to the next person. */
export function Menu() {
  const [asks, setAsks] = useState(false);
  const ids = { language: useId(), theme: useId(), sound: useId() };
  const lock = (): void => {
    // the next person begins at today, not in the settings
    void signOut('person').then(() => replace({ name: 'today' }));
  };
  return (
    <Screen title={t('menu.title')} back={href({ name: 'today' })} {...(person.value ? { sub: person.value.name } : {})}>
      <ul class="rows">
        <Row href={href({ name: 'ready' })} title={t('ready.title')}>
          <span class="meta">{t('menu.ready')}</span>
        </Row>
        {parts.value.length > 0 && (
          <>
            <Row href={href({ name: 'parts', order: null })} title={t('stock.take.title')}>
              <span class="meta">{t('stock.no_order')}</span>
            </Row>
            <Row href={href({ name: 'counting' })} title={t('stock.count.title')}>
              <span class="meta">{t('stock.count.why')}</span>
            </Row>
          </>
        )}
        <Row href={href({ name: 'mydata' })} title={t('mydata.title')}>
          <span class="meta">{t(agreed.value ? 'mydata.given' : 'mydata.refused')}</span>
        </Row>
        <Row href={href({ name: 'rescue' })} title={t('rescue.title')}>
          <span class="meta">{t('rescue.open')}</span>
        </Row>
      </ul>
      <Field questionId={ids.language} question={t('menu.language')}>
        <Answers<Language>
          labelledBy={ids.language}
          chosen={language.value}
          onChoose={(next) => void chooseLanguage(next)}
          choices={[
            { value: 'zh', word: <span lang="zh-CN">中文</span> },
            { value: 'en', word: <span lang="en">English</span> },
          ]}
        />
      </Field>
      <Field questionId={ids.theme} question={t('menu.theme')}>
        <Answers<Theme>
          labelledBy={ids.theme}
          chosen={theme.value}
          onChoose={chooseTheme}
          choices={[
            { value: 'system', word: t('menu.theme.system') },
            { value: 'light', word: t('menu.theme.light') },
            { value: 'dark', word: t('menu.theme.dark') },
          ]}
        />
      </Field>
      <Field questionId={ids.sound} question={t('menu.sound')}>
        <Answers<'on' | 'off'>
          labelledBy={ids.sound}
          chosen={sound.value ? 'on' : 'off'}
          onChoose={(next) => chooseSound(next === 'on')}
          choices={[
            { value: 'on', word: t('menu.sound.on') },
            { value: 'off', word: t('menu.sound.off') },
          ]}
        />
      </Field>
      <Section title={t('menu.phone')} />
      <dl class="rows">
        <KeyValue tone="calm" icon="rc-phone" name={t('menu.name')} value={device.value?.name ?? ''} />
        <KeyValue tone="calm" icon="pin" name={t('menu.site')} value={site.value ? say(site.value.name) : (device.value?.site.name ?? '')} />
        <KeyValue tone="calm" icon="chain" name={t('menu.log')} value={<span class="code">{device.value?.log.slice(0, 8)}</span>} />
        <KeyValue tone="calm" icon="doc" name={t('menu.version')} value={__APP_VERSION__} />
      </dl>
      <Button icon="users" onPress={() => setAsks(true)}>
        {t('menu.lock')}
      </Button>
      {asks && (
        <Dialog title={t('menu.lock.ask')} stay={t('menu.lock.stay')} onStay={() => setAsks(false)} go={t('menu.lock.go')} onGo={lock}>
          <p>{own().unsent > 0 ? t('menu.lock.why', { n: own().unsent }) : t('pin.switch')}</p>
        </Dialog>
      )}
    </Screen>
  );
}
