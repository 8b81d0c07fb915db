/** Photos of whoever asked for an order: small on its page, and large on one of their own. */
import { t } from '../../i18n/t';
import type { OrderPhoto } from '../../protocol/entities';
import { order, type OrderView } from '../../state/orders';
import { Empty } from '../../ui/Empty';
import { Icon } from '../../ui/Icon';
import { Screen, Section } from '../../ui/Screen';
import { Pages, useZoom, ZoomDock } from '../document/Pages';
import { href, type Route } from '../route';
import { usePicture } from '../usePicture';
import { orderNumber, orderTitle } from './words';

/** The small ones; each leads to the large ones. Nothing where nobody sent any. */
export function AskedPhotos({ view }: { view: OrderView }) {
  const photos = view.photos ?? [];
  if (photos.length === 0) return null;
  return (
    <>
      <Section title={t('wo.asked.photos')} fact={String(photos.length)} />
      <div class="photos">
        {photos.map((photo, n) => (
          <a key={photo.sha256} class="shot" href={href({ name: 'orderphotos', order: view.id })} aria-label={t('wo.asked.photo', { n: n + 1, m: photos.length })}>
            <Small photo={photo} />
          </a>
        ))}
      </div>
    </>
  );
}

function Small({ photo }: { photo: OrderPhoto }) {
  const { url } = usePicture(photo.thumb);
  return url === null ? <Icon name="camera" /> : <img src={url} alt="" />;
}

/** All of them, as large as somebody wants. */
export function OrderPhotos({ to }: { to: Extract<Route, { name: 'orderphotos' }> }) {
  const [zoom, setZoom] = useZoom();
  const view = order(to.order).value;
  const photos = view?.photos ?? [];
  const back = view ? href({ name: 'order', order: view.id }) : href({ name: 'orders' });
  if (!view || photos.length === 0) {
    return (
      <Screen title={t('wo.asked.photos')} back={back}>
        <Empty icon="camera" title={t('wo.asked.none')}>
          {t('wo.asked.none.why')}
        </Empty>
      </Screen>
    );
  }
  return (
    <Screen small title={t('wo.asked.photos')} sub={`${orderNumber(view)} · ${orderTitle(view)}`} back={back} dock={<ZoomDock zoom={zoom} onZoom={setZoom} />}>
      <Pages pages={photos} zoom={zoom} label={t('wo.asked.pan')} wordOf={(n) => t('wo.asked.photo', { n, m: photos.length })} />
    </Screen>
  );
}
