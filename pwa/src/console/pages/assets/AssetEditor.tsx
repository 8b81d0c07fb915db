import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { t } from '../../../i18n/t';
import { CERTIFICATES } from '../../routeTypes';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { send, sendFile } from '../../api';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { Failure, Waiting } from '../../parts/Answers';
import { CheckField, LabelField, SelectField, TextField } from '../../parts/fields';
import { Page } from '../../parts/Page';
import { EditPage, useThings, zoneOptions } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, to } from '../../route';
import type { Asset, SiteRef, Zone } from '../../types';
import { PICTURES } from '../maps/dialogs';
import { numberError, positionText, readPosition } from '../places/PlaceEditor';
import { StandHere } from '../places/StandHere';
import type { AssetCard } from './types';

const EMPTY: AssetCard = {
  id: '', number: '', name: { zh: '', en: '' }, zone: null, position: null, retired: false, tag: null, category: '', parent: null, state: 'running', maker: '', model: '', serial: '',
  installed_on: '', warranty_until: null, criticality: null, special: false, registration: '', certificate: null, photo: null, whole: [], parts: [], gaps: [],
}; // prettier-ignore

/** The form of an asset's card. */
export function AssetEditor({ site, id }: { site: SiteRef; id: string }) {
  const isNew = id === 'new';
  const card = useLoad<AssetCard>(isNew ? null : `/sites/${site.id}/assets/${id}`);
  const assets = useThings<Asset>(site.id, 'assets');
  const zones = useThings<Zone>(site.id, 'zones');
  const found = isNew ? EMPTY : card.value;
  const problem = card.problem ?? assets.problem ?? zones.problem;
  if (!found || !assets.value || !zones.value) {
    return <Page title={tc('nav.assets')}>{problem ? <Failure problem={problem} onAgain={card.reload} /> : <Waiting />}</Page>;
  }
  return <Form site={site} card={found} assets={assets.value} zones={zones.value} />;
}

type FormProps = { site: SiteRef; card: AssetCard; assets: readonly Asset[]; zones: readonly Zone[] };
type Draft = {
  number: string; name: Label; category: string; zone: string; parent: string; maker: string; model: string; serial: string; installed_on: string; warranty_until: string;
  criticality: string; special: boolean; registration: string; certificate: string; position: string; photo: File | null;
}; // prettier-ignore

function Form({ site, card, assets, zones }: FormProps) {
  const [retiring, setRetiring] = useState(false);
  const isNew = card.id === '';
  const numberOf = (id: string | null): string => assets.find((one) => one.id === id)?.number ?? '';
  const draft = useForm<Draft>({
    number: card.number, name: card.name, category: card.category, zone: card.zone ?? '', parent: numberOf(card.parent), maker: card.maker, model: card.model, serial: card.serial,
    installed_on: card.installed_on, warranty_until: card.warranty_until ?? '', criticality: card.criticality ?? '', special: card.special, registration: card.registration,
    certificate: card.certificate ?? '', position: positionText(card.position), photo: null,
  }); // prettier-ignore
  const { value, set, errorAt } = draft;
  const whole = assets.find((one) => one.number === value.parent.trim() && one.id !== card.id);
  const strayed = value.parent.trim() !== '' && !whole;
  const list = to(site.id, 'assets');
  const back = isNew ? { href: list, word: tc('nav.assets') } : { href: to(site.id, 'assets', card.id), word: say(card.name) };
  const keep = async (next: Draft): Promise<void> => {
    const { photo, parent: _, position, warranty_until, criticality, certificate, zone, ...texts } = next;
    const body = {
      ...texts,
      zone: zone || null,
      parent: whole?.id ?? null,
      warranty_until: warranty_until || null,
      criticality: criticality || null,
      certificate: certificate || null,
      ...(position === positionText(card.position) ? {} : { position: readPosition(position) }),
    };
    const kept = await send<AssetCard>(isNew ? 'POST' : 'PATCH', `/sites/${site.id}/assets${isNew ? '' : `/${card.id}`}`, body);
    if (photo) await sendFile(`/sites/${site.id}/assets/${kept.id}/photo`, photo, photo.type);
    tell(tc('act.saved'));
    go(to(site.id, 'assets', kept.id));
  };
  const retire = (retired: boolean): void =>
    void draft.submit(async () => {
      await send('PATCH', `/sites/${site.id}/assets/${card.id}`, { retired });
      tell(tc('act.saved'));
      go(to(site.id, 'assets', card.id));
    });
  const categories = [...new Set(assets.map((one) => one.category).filter(Boolean))].sort();
  const others = assets.flatMap((one) => (one.id !== card.id && one.position && !one.retired ? [one.position] : []));
  return (
    <EditPage
      title={isNew ? tc('assets.new') : say(card.name)}
      back={back}
      draft={draft}
      may={may('change.assets')}
      onSave={() => !strayed && void draft.submit(keep)}
      more={!isNew && (card.retired ? <Button onPress={() => retire(false)}>{tc('asset.again')}</Button> : <Button kind="bad" onPress={() => setRetiring(true)}>{tc('asset.retire')}</Button>)}
    >
      {card.retired && <p class="note">{tc('asset.retired.why')}</p>}
      <TextField label={tc('place.number')} hint={tc('place.number.hint')} narrow required most={12} focus={isNew} value={value.number} error={numberError(draft)} onText={(number) => set({ number })} />
      <LabelField label={tc('thing.name')} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <div class="pair">
        <TextField label={tc('asset.category')} hint={categories.length > 0 ? tc('asset.category.used', { words: categories.slice(0, 8).join(tc('list.and')) }) : tc('asset.category.hint')} optional most={40} value={value.category} error={errorAt('category')} onText={(category) => set({ category })} />
        <SelectField label={tc('thing.zone')} value={value.zone} options={zoneOptions(zones)} error={errorAt('zone')} onChoose={(zone) => set({ zone })} />
      </div>
      <TextField
        label={tc('asset.parent')}
        hint={whole ? tc('asset.parent.is', { name: say(whole.name) }) : tc('asset.parent.hint')}
        optional
        most={12}
        value={value.parent}
        error={strayed ? tc('asset.parent.none') : errorAt('parent')}
        onText={(parent) => set({ parent })}
      />
      <h2 class="form__h">{tc('asset.plate')}</h2>
      <div class="pair">
        <TextField label={tc('asset.maker')} optional most={80} value={value.maker} error={errorAt('maker')} onText={(maker) => set({ maker })} />
        <TextField label={tc('asset.model')} optional most={80} value={value.model} error={errorAt('model')} onText={(model) => set({ model })} />
        <TextField label={tc('asset.serial')} optional most={80} value={value.serial} error={errorAt('serial')} onText={(serial) => set({ serial })} />
        <TextField label={tc('asset.installed')} hint={tc('asset.installed.hint')} optional most={10} value={value.installed_on} error={errorAt('installed_on')} onText={(installed_on) => set({ installed_on })} />
        <TextField label={tc('asset.warranty')} type="date" optional value={value.warranty_until} error={errorAt('warranty_until')} onText={(warranty_until) => set({ warranty_until })} />
        <SelectField
          label={tc('asset.criticality')}
          value={value.criticality}
          options={[{ value: '', word: tc('asset.unknown') }, ...(['A', 'B', 'C'] as const).map((one) => ({ value: one, word: tc(`asset.criticality.${one}`) }))]}
          onChoose={(criticality) => set({ criticality })}
        />
      </div>
      <CheckField label={tc('asset.special')} hint={tc('asset.special.hint')} checked={value.special} onCheck={(special) => set({ special })} />
      {value.special && <TextField label={tc('asset.registration')} optional most={40} value={value.registration} error={errorAt('registration')} onText={(registration) => set({ registration })} />}
      <SelectField
        label={tc('asset.certificate')}
        hint={tc('asset.certificate.hint')}
        value={value.certificate}
        options={[{ value: '', word: tc('asset.certificate.none') }, ...CERTIFICATES.map((kind) => ({ value: kind, word: t(`cert.${kind}`) }))]}
        onChoose={(certificate) => set({ certificate })}
      />
      <label class="field">
        <span class="field__label">{tc('asset.photo')}</span>
        <input type="file" accept={PICTURES} onChange={(event) => set({ photo: event.currentTarget.files?.[0] ?? null })} />
        <small class="field__h">{card.photo ? tc('asset.photo.there') : tc('maps.file.hint')}</small>
      </label>
      <TextField label={tc('place.position')} hint={tc('place.position.hint')} optional most={40} value={value.position} error={errorAt('position') ?? errorAt('position.lat') ?? errorAt('position.lon')} onText={(position) => set({ position })} />
      <StandHere others={others} onPosition={(position) => set({ position: positionText(position) })} />
      {isNew ? <p class="meta">{tc('place.tag.made')}</p> : card.tag && <p class="meta">{tc('place.tag.is', { code: card.tag.short_code, n: card.tag.print_no })}</p>}
      {retiring && (
        <Dialog title={tc('asset.retire.ask', { name: say(card.name) })} stay={tc('act.stay')} onStay={() => setRetiring(false)} go={tc('asset.retire')} goKind="bad" onGo={() => { setRetiring(false); retire(true); }}>
          <p>{tc('asset.retire.why')}</p>
        </Dialog>
      )}
    </EditPage>
  );
}
