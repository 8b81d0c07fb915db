import { t } from '../../i18n/t';
import { blocked } from '../../state/keeping';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Screen } from '../../ui/Screen';

/** Where the records can be had without the app. */
const SAFE_PAGE = '/app/rescue.html';

/** The store cannot be opened. The records are still in it: nothing here may clear anything. */
export function Broken() {
  return (
    <Screen title={t('app.name')}>
      <div class="card">
        <Empty
          icon="disk"
          title={t(blocked.value ? 'start.blocked' : 'start.broken')}
          act={<Button onPress={() => location.reload()}>{t('start.broken.retry')}</Button>}
        >
          {t(blocked.value ? 'start.blocked.why' : 'start.broken.why')}
        </Empty>
      </div>
      <Button icon="export" href={SAFE_PAGE}>
        {t('rescue.safe')}
      </Button>
    </Screen>
  );
}
