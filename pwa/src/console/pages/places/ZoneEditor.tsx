import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { LabelField, SelectField } from '../../parts/fields';
import { EditPage, FindPage, keep, useThings, zoneOptions } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { Zone } from '../../types';

/** A part of the site, perhaps within another. */
export function ZoneEditor({ siteId, id }: { siteId: string; id: string }) {
  const zones = useThings<Zone>(siteId, 'zones');
  const back = { href: to(siteId, 'places'), word: tc('nav.places') };
  const fresh: Zone = { id: '', name: { zh: '', en: '' }, parent: null };
  if (id === 'new' && zones.value) return <ZoneForm zone={fresh} zones={zones.value} siteId={siteId} back={back} />;
  return (
    <FindPage load={zones} pick={(one) => one.id === id} title={tc('zones.title')} back={back}>
      {(zone) => <ZoneForm zone={zone} zones={zones.value!} siteId={siteId} back={back} />}
    </FindPage>
  );
}

function ZoneForm({ zone, zones, siteId, back }: { zone: Zone; zones: Zone[]; siteId: string; back: { href: string; word: string } }) {
  const draft = useForm({ name: zone.name, parent: zone.parent ?? '' });
  const isNew = zone.id === '';
  return (
    <EditPage
      title={isNew ? tc('zones.new') : say(zone.name)}
      back={back}
      draft={draft}
      onSave={() => void draft.submit(({ name, parent }) => keep(siteId, 'zones', isNew ? null : zone.id, { name, parent: parent || null }, back.href))}
    >
      <LabelField label={tc('thing.name')} focus={isNew} value={draft.value.name} errorAt={draft.errorAt} onLabel={(name) => draft.set({ name })} />
      <SelectField label={tc('zone.parent')} value={draft.value.parent} options={zoneOptions(zones, zone.id)} error={draft.errorAt('parent')} onChoose={(parent) => draft.set({ parent })} />
    </EditPage>
  );
}
