import { useEffect, useRef, useState } from 'preact/hooks';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { roundMaps, type MapView, type RoundView } from '../../state/today';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { usePicture } from '../usePicture';

const MOST_ZOOM = 3;

/** The round on a map of the site, with its next stop marked. The list of stops above it says the same in words. */
export function RouteMap({ view, open, onToggle }: { view: RoundView; open: boolean; onToggle: (open: boolean) => void }) {
  const maps = roundMaps(view);
  const [chosen, setChosen] = useState<string | null>(null);
  const map = maps.find((one) => one.id === chosen) ?? maps[0];
  if (!map) return null;
  return (
    <details class="others" id="route-map" open={open} onToggle={(event) => onToggle(event.currentTarget.open)}>
      <summary>
        <Icon name="route" />
        <span class="grow">{t('map.title')}</span>
      </summary>
      {open && <Sheet key={map.id} map={map} />}
      {open && maps.length > 1 && (
        <div class="map__others">
          {maps.map((one) => (
            <button key={one.id} type="button" class="btn" aria-pressed={one === map} onClick={() => setChosen(one.id)}>
              <span lang={langOf(one.name)}>{say(one.name)}</span>
            </button>
          ))}
        </div>
      )}
    </details>
  );
}

function Sheet({ map }: { map: MapView }) {
  const [zoom, setZoom] = useState(1);
  const { url, isAsked } = usePicture(map.sha256);
  const pan = useRef<HTMLDivElement>(null);
  const next = map.pins.find((pin) => pin.state === 'next');
  const at = next ?? map.pins[0];
  // what is next stays in sight
  useEffect(() => {
    const box = pan.current;
    if (!box || !at) return;
    box.scrollLeft = (at.x / 10_000) * box.scrollWidth - box.clientWidth / 2;
    box.scrollTop = (at.y / 10_000) * box.scrollHeight - box.clientHeight / 2;
  }, [zoom, url, at?.x, at?.y]);
  if (url === null) return isAsked ? <p class="meta">{t('map.waiting')}</p> : null;
  const alt = next ? t('map.alt.next', { name: say(map.name), n: next.number, stop: say(next.name) }) : t('map.alt', { name: say(map.name) });
  return (
    <figure class="map">
      {/* what scrolls must be reached by the keyboard too */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class="map__pan" ref={pan} tabIndex={0} role="group" aria-label={t('map.pan')}>
        <div class="map__sheet" style={{ width: `${zoom * 100}%`, aspectRatio: `${map.width} / ${map.height}` }}>
          <img src={url} alt={alt} width={map.width} height={map.height} />
          <svg viewBox="0 0 10000 10000" preserveAspectRatio="none" aria-hidden="true">
            <polyline points={map.pins.map((pin) => `${pin.x},${pin.y}`).join(' ')} />
          </svg>
          {map.pins.map((pin) => (
            <span key={pin.stop} class="map__pin" data-s={pin.state} aria-hidden="true" style={{ left: `${pin.x / 100}%`, top: `${pin.y / 100}%` }}>
              {pin.number}
            </span>
          ))}
        </div>
      </div>
      <figcaption>
        <b lang={langOf(map.name)}>{say(map.name)}</b>
        {next && <span>{t('map.next', { n: next.number, name: say(next.name) })}</span>}
        {map.elsewhere > 0 && <span class="meta">{t('map.elsewhere', { n: map.elsewhere })}</span>}
      </figcaption>
      <div class="map__zoom">
        <Button icon="minus" onPress={() => setZoom(Math.max(1, zoom - 1))}>
          {t('map.out')}
        </Button>
        <Button icon="plus" onPress={() => setZoom(Math.min(MOST_ZOOM, zoom + 1))}>
          {t('map.in')}
        </Button>
      </div>
    </figure>
  );
}
