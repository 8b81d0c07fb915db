import { t } from '../../i18n/t';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Screen } from '../../ui/Screen';

/** The store cannot be opened. The records are still in it: nothing here may clear anything. */
export function Broken() {
  return (
    <Screen title={t('app.name')}>
      <div class="card">
        <Empty icon="disk" title={t('start.broken')} act={<Button onPress={() => location.reload()}>{t('start.broken.retry')}</Button>}>
          {t('start.broken.why')}
        </Empty>
      </div>
    </Screen>
  );
}
