import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import type { Problem } from '../../api';
import { send } from '../../api';
import { asProblem } from '../../model/load';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { Refusal } from '../../parts/Answers';
import { SelectField, TextField } from '../../parts/fields';
import { Page, Panel } from '../../parts/Page';
import { useThings } from '../../parts/things';
import { go, to } from '../../route';
import type { Asset, Checkpoint, PatrolRoute } from '../../types';
import { PictureDialog, RenameDialog } from './dialogs';
import { percent, pinOf, placesOf, readPercent, type MapPlace, type SiteMap, type Spot } from './model';
import { Sheet } from './Sheet';

/** Where the middle of a picture is: there a place is put first. */
const MIDDLE: Spot = { x: 5_000, y: 5_000 };

/** One map: what lies where, by dragging, by the arrow keys or by figures. */
export function MapEditor({ siteId, map, onMap }: { siteId: string; map: SiteMap; onMap: (map: SiteMap) => void }) {
  const points = useThings<Checkpoint>(siteId, 'checkpoints').value ?? [];
  const assets = useThings<Asset>(siteId, 'assets').value ?? [];
  const routes = useThings<PatrolRoute>(siteId, 'routes').value ?? [];
  const [routeId, setRouteId] = useState('');
  const [chosen, setChosen] = useState<string | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [asking, setAsking] = useState<'picture' | 'name' | 'remove' | null>(null);
  const mayMove = may('change.plan');
  const places = placesOf(points, assets);
  const one = `/sites/${siteId}/maps/${map.id}`;
  const back = { href: to(siteId, 'maps'), word: tc('nav.maps') };

  async function place(target: MapPlace, at: Spot | null): Promise<void> {
    setProblem(null);
    try {
      onMap(await send<SiteMap>('POST', `${one}/pins`, { target: { kind: target.kind, id: target.id }, at: at && { x: at.x, y: at.y } }));
      setChosen(at ? target.id : null);
      tell(tc(at ? 'maps.pin.saved' : 'maps.pin.gone', { name: `${target.number} ${say(target.name)}` }));
    } catch (error) {
      setProblem(asProblem(error));
    }
  }

  async function remove(): Promise<void> {
    setAsking(null);
    try {
      await send('DELETE', one);
      tell(tc('maps.removed'));
      go(back.href);
    } catch (error) {
      setProblem(asProblem(error));
    }
  }

  return (
    <Page
      title={say(map.name)}
      crumbs={[back, { word: say(map.name) }]}
      acts={
        mayMove && (
          <>
            <Button onPress={() => setAsking('name')}>{tc('maps.rename')}</Button>
            <Button onPress={() => setAsking('picture')}>{tc('maps.replace')}</Button>
            <Button kind="bad" onPress={() => setAsking('remove')}>{tc('maps.remove')}</Button>
          </>
        )
      }
    >
      <Refusal problem={problem} />
      <div class="ev">
        <div>
          <Panel title={tc('maps.plan')} fact={mayMove ? tc('maps.how') : tc('edit.look_only')}>
            <Sheet
              map={map}
              places={places}
              route={routes.find((route) => route.id === routeId) ?? null}
              chosen={chosen}
              mayMove={mayMove}
              onChoose={setChosen}
              onMove={(target, at) => void place(target, at)}
            />
          </Panel>
        </div>
        <div>
          <Panel title={tc('maps.route')}>
            <SelectField
              label={tc('maps.route.draw')}
              value={routeId}
              options={[{ value: '', word: tc('maps.route.none') }, ...routes.map((route) => ({ value: route.id, word: say(route.name) }))]}
              onChoose={setRouteId}
            />
          </Panel>
          <Panel title={tc('maps.places')} fact={tc('maps.placed', { n: map.pins.length, m: places.length })} flush>
            <ul class="pinlist">
              {places.map((target) => (
                <PlaceRow
                  key={target.id}
                  place={target}
                  at={pinOf(map, target)}
                  isChosen={chosen === target.id}
                  mayMove={mayMove}
                  onChoose={() => setChosen(chosen === target.id ? null : target.id)}
                  onPlace={(at) => void place(target, at)}
                />
              ))}
            </ul>
          </Panel>
        </div>
      </div>
      {asking === 'name' && <RenameDialog path={one} map={map} onClose={() => setAsking(null)} onMap={onMap} />}
      {asking === 'picture' && <PictureDialog path={`${one}/image`} onClose={() => setAsking(null)} onMap={onMap} />}
      {asking === 'remove' && (
        <Dialog title={tc('maps.remove.ask', { name: say(map.name) })} stay={tc('act.stay')} onStay={() => setAsking(null)} go={tc('maps.remove')} goKind="bad" onGo={() => void remove()}>
          <p>{tc('maps.remove.why')}</p>
        </Dialog>
      )}
    </Page>
  );
}

type PlaceRowProps = { place: MapPlace; at: Spot | null; isChosen: boolean; mayMove: boolean; onChoose: () => void; onPlace: (at: Spot | null) => void };

function PlaceRow({ place, at, isChosen, mayMove, onChoose, onPlace }: PlaceRowProps) {
  return (
    <li data-on={isChosen ? '' : undefined}>
      <button type="button" class="pinlist__b" aria-pressed={isChosen} onClick={onChoose}>
        <i class="no">{place.number}</i>
        <span class="grow" lang={langOf(place.name)}>{say(place.name)}</span>
        <span class="meta num">{at ? `${percent(at.x)} %, ${percent(at.y)} %` : tc('maps.unplaced')}</span>
      </button>
      {mayMove && !at && <Button onPress={() => onPlace(MIDDLE)}>{tc('maps.put')}</Button>}
      {mayMove && at && isChosen && <Figures key={`${at.x} ${at.y}`} at={at} onPlace={onPlace} />}
    </li>
  );
}

/** The spot in figures, for whoever does not drag. */
function Figures({ at, onPlace }: { at: Spot; onPlace: (at: Spot | null) => void }) {
  const [typed, setTyped] = useState({ x: percent(at.x), y: percent(at.y) });
  const read = { x: readPercent(typed.x), y: readPercent(typed.y) };
  const [tried, setTried] = useState(false);
  const error = (value: number | null): string | null => (tried && value === null ? tc('maps.percent') : null);
  return (
    <form
      class="pinlist__f"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (read.x !== null && read.y !== null) onPlace({ x: read.x, y: read.y });
      }}
    >
      <TextField label={tc('maps.x')} narrow mode="decimal" most={6} value={typed.x} error={error(read.x)} onText={(x) => setTyped({ ...typed, x })} />
      <TextField label={tc('maps.y')} narrow mode="decimal" most={6} value={typed.y} error={error(read.y)} onText={(y) => setTyped({ ...typed, y })} />
      <div class="acts">
        <Button submit>{tc('maps.set')}</Button>
        <Button onPress={() => onPlace(null)}>{tc('maps.take')}</Button>
      </div>
    </form>
  );
}
