import { tc } from '../../../i18n/console';
import { langOf, say, type Label } from '../../../i18n/label';
import { sendFile } from '../../api';
import type { Loaded } from '../../model/load';
import { tell } from '../../model/notice';
import { LabelField } from '../../parts/fields';
import { EditPage, FindPage, ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, to } from '../../route';
import type { PageProps } from '../../types';
import { PictureField } from './dialogs';
import { MapEditor } from './MapEditor';
import type { SiteMap } from './model';

/** The maps of the site as pictures, and what lies where on them. */
export function MapsPage({ site, id }: PageProps) {
  const maps = useThings<SiteMap>(site.id, 'maps');
  const back = { href: to(site.id, 'maps'), word: tc('nav.maps') };
  if (id === 'new') return <NewMap siteId={site.id} back={back} />;
  if (id === null) return <List siteId={site.id} maps={maps} />;
  return (
    <FindPage load={maps} pick={(one) => one.id === id} title={back.word} back={back}>
      {(map) => <MapEditor siteId={site.id} map={map} onMap={(next) => maps.put((maps.value ?? []).map((one) => (one.id === next.id ? next : one)))} />}
    </FindPage>
  );
}

function List({ siteId, maps }: { siteId: string; maps: Loaded<SiteMap[]> }) {
  return (
    <ListPage title={tc('nav.maps')} newHref={newOf(siteId, 'maps')} newWord={tc('maps.new')} loads={[maps]}>
      {() =>
        maps.value!.length === 0 ? (
          <NoThings icon="map" title={tc('maps.empty')} why={tc('maps.empty.why')} href={newOf(siteId, 'maps')} act={tc('maps.new')} />
        ) : (
          <Table
            caption={tc('nav.maps')}
            rows={maps.value!}
            columns={[
              { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(siteId, 'maps', one.id)} lang={langOf(one.name)}>{say(one.name)}</a> },
              { head: tc('maps.places'), cell: (one) => tc('maps.pins', { n: one.pins.length }) },
              { head: tc('maps.picture'), tight: true, cell: (one) => <span class="num">{`${one.image.width} × ${one.image.height}`}</span> },
            ]}
          />
        )
      }
    </ListPage>
  );
}

function NewMap({ siteId, back }: { siteId: string; back: { href: string; word: string } }) {
  const draft = useForm<{ name: Label; file: File | null }>({ name: { zh: '', en: '' }, file: null });
  const save = (): void =>
    void draft.submit(async ({ name, file }) => {
      if (!file) return;
      const query = new URLSearchParams({ zh: name.zh, en: name.en });
      const made = await sendFile<SiteMap>(`/sites/${siteId}/maps?${query.toString()}`, file, file.type);
      tell(tc('act.saved'));
      go(to(siteId, 'maps', made.id));
    });
  return (
    <EditPage title={tc('maps.new')} back={back} draft={draft} onSave={save} save={tc('maps.new.go')}>
      <LabelField label={tc('thing.name')} focus value={draft.value.name} errorAt={(path) => draft.errorAt(path.replace('name.', ''))} onLabel={(name) => draft.set({ name })} />
      <PictureField onFile={(file) => draft.set({ file })} />
      {draft.touched && draft.value.file === null && <p class="meta">{tc('maps.file.need')}</p>}
    </EditPage>
  );
}
