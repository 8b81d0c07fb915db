import { t } from '../../i18n/t';
import { carrying } from '../../state/keeping';
import { StateWord } from '../../ui/State';

/** What this phone carries, a row for each phone it is from. */
export function CarriedRows() {
  if (carrying.value.length === 0) return null;
  return (
    <ul class="rows">
      {carrying.value.map(({ log, device, records, photos }) => (
        <li key={log} class="row">
          <span class="row__b">
            <strong>{t('carry.for', { n: records, name: device?.name ?? log.slice(0, 8) })}</strong>
            <span class="facts">
              <StateWord look={{ tone: 'calm', icon: 'rc-phone', word: 'carry.waits' }} />
              {photos > 0 && <span>{t('carry.photos', { n: photos })}</span>}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
