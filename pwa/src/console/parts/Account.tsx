import { useState } from 'preact/hooks';
import { tc } from '../../i18n/console';
import { language } from '../../i18n/t';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';
import type { Problem } from '../api';
import { asProblem } from '../model/load';
import { chooseLanguage, chooseTheme, theme, themes, type Theme } from '../model/prefs';
import { logOut, sessionState } from '../model/session';
import { Refusal } from './Answers';

const THEME_ICONS: Record<Theme, IconName> = { system: 'gear', light: 'lamp', dark: 'moon' };

/** Language, light or dark, log out: at the foot of the rail, and on the page of more on a phone. */
export function Account() {
  const [problem, setProblem] = useState<Problem | null>(null);
  const other = language.value === 'zh' ? 'en' : 'zh';
  const next = themes[(themes.indexOf(theme.value) + 1) % themes.length] ?? 'system';
  return (
    <div class="account">
      <button type="button" class="account__b" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => void chooseLanguage(other)}>
        <Icon name="swap" />
        <span>{tc('lang.other')}</span>
      </button>
      <button type="button" class="account__b" onClick={() => chooseTheme(next)}>
        <Icon name={THEME_ICONS[theme.value]} />
        <span>
          <span class="vh">{tc('account.theme')} </span>
          {tc(`account.theme.${theme.value}`)}
        </span>
      </button>
      {sessionState.value.is === 'in' && (
        <button
          type="button"
          class="account__b"
          onClick={() => logOut().catch((error: unknown) => setProblem(asProblem(error)))}
        >
          <Icon name="door" />
          <span>{tc('account.out')}</span>
        </button>
      )}
      <Refusal problem={problem} />
    </div>
  );
}
