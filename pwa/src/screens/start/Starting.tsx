import { t } from '../../i18n/t';
import { Icon } from '../../ui/Icon';

/** Shown while the phone's store opens: seldom long enough to be read. */
export function Starting() {
  return (
    <main class="phone starting">
      <Icon name="brand" />
      <h1 class="vh">{t('app.name')}</h1>
      <p role="status">{t('start.title')}</p>
    </main>
  );
}
