import { language, t } from '../../i18n/t';
import { chooseLanguage } from '../../state/prefs';

/** The other language, for who has no settings yet. */
export function Languages() {
  const other = language.value === 'zh' ? 'en' : 'zh';
  return (
    <button type="button" class="iconbtn strong" lang={other === 'zh' ? 'zh-CN' : 'en'} onClick={() => void chooseLanguage(other)}>
      {t('lang.other')}
    </button>
  );
}
