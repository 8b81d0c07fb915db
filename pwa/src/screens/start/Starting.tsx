import { t } from '../../i18n/t';

/** Shown while the phone's store opens. */
export function Starting() {
  return (
    <main class="phone">
      <h1>{t('start.title')}</h1>
    </main>
  );
}
