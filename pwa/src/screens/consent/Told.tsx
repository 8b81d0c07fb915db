import { t } from '../../i18n/t';
import { device } from '../../state/app';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';

const PARTS = [
  ['work', 'log'],
  ['photos', 'camera'],
  ['place', 'pin'],
  ['who', 'users'],
  ['no', 'check'],
] as const satisfies readonly (readonly [string, IconName])[];

/** What is recorded, why, for how long and who sees it: the text of `CONSENT_VERSION`. */
export function Told() {
  return (
    <dl class="told">
      {PARTS.map(([part, icon]) => (
        <div key={part}>
          <dt>
            <Icon name={icon} />
            {t(`consent.${part}`)}
          </dt>
          <dd>{t(`consent.${part}.why`, { organisation: device.value?.organisation.name ?? '' })}</dd>
        </div>
      ))}
    </dl>
  );
}
