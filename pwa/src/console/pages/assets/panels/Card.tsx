import { tc } from '../../../../i18n/console';
import { langOf, say } from '../../../../i18n/label';
import { t } from '../../../../i18n/t';
import { may } from '../../../model/may';
import { Panel } from '../../../parts/Page';
import { useThings, zonePath } from '../../../parts/things';
import { to } from '../../../route';
import type { Zone } from '../../../types';
import type { AssetPanelProps } from '../types';

/** The card: what it is, where it stands, what it is a part of, and what the card still lacks. */
export function Card({ site, asset }: AssetPanelProps) {
  const zones = useThings<Zone>(site.id, 'zones').value ?? [];
  const facts: [string, string][] = [
    [tc('asset.category'), asset.category],
    [tc('asset.maker'), asset.maker],
    [tc('asset.model'), asset.model],
    [tc('asset.serial'), asset.serial],
    [tc('thing.zone'), zonePath(zones, asset.zone)],
    [tc('asset.installed'), asset.installed_on],
    [tc('asset.warranty'), asset.warranty_until ?? ''],
    [tc('asset.criticality'), asset.criticality ? tc(`asset.criticality.${asset.criticality}`) : ''],
    ...(asset.special ? ([[tc('asset.registration'), asset.registration]] as [string, string][]) : []),
    ...(asset.certificate ? ([[tc('asset.certificate'), t(`cert.${asset.certificate}` as 'cert.height')]] as [string, string][]) : []),
  ];
  return (
    <Panel title={tc('asset.card')}>
      {asset.photo && <img class="assetphoto" src={asset.photo.url} alt={say(asset.name)} loading="lazy" />}
      <dl class="dl">
        {facts.map(([name, value]) => (
          <>
            <dt>{name}</dt>
            <dd>{value || <span class="meta">{tc('asset.unknown')}</span>}</dd>
          </>
        ))}
        {asset.parts.length > 0 && (
          <>
            <dt>{tc('assets.parts')}</dt>
            <dd>
              {asset.parts.map((part) => (
                <a key={part.id} class="block" href={to(site.id, 'assets', part.id)} lang={langOf(part.name)}>{`${part.number} ${say(part.name)}`}</a>
              ))}
            </dd>
          </>
        )}
      </dl>
      {asset.gaps.length > 0 && (
        <p class="note below">
          {tc('asset.lacks', { what: asset.gaps.map((member) => tc(`member.${member}`)).join(tc('list.and')) })}
          {may('change.assets') && <> <a href={to(site.id, 'assets', asset.id, { edit: 'yes' })}>{tc('asset.fill')}</a></>}
        </p>
      )}
    </Panel>
  );
}
