import { t } from '../../i18n/t';

/** Shown first. */
export function Today() {
  return (
    <main class="phone">
      <h1>{t('today.title')}</h1>
    </main>
  );
}
