import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { paper } from '../../state/papers';
import { Empty } from '../../ui/Empty';
import { Screen } from '../../ui/Screen';
import { href, type Route } from '../route';
import { Pages, useZoom, ZoomDock } from './Pages';

/** A paper of an asset, page by page, as this phone keeps it: it needs no network and no reader of PDFs. */
export function Document({ to }: { to: Extract<Route, { name: 'document' }> }) {
  const [zoom, setZoom] = useZoom();
  const found = paper(to.document).value;
  const back = to.asset === null ? href({ name: 'assets' }) : href({ name: 'asset', asset: to.asset, scan: null });
  if (!found) {
    return (
      <Screen title={t('papers.one')} back={back}>
        <Empty icon="doc" title={t('paper.missing')}>
          {t('paper.missing.why')}
        </Empty>
      </Screen>
    );
  }
  const { pages } = found.file;
  return (
    <Screen
      small
      title={<span lang={langOf(found.title)}>{say(found.title)}</span>}
      sub={[t(`card.paper.${found.kind}`), t('paper.pages', { n: pages.length })].join(' · ')}
      back={back}
      dock={<ZoomDock zoom={zoom} onZoom={setZoom} />}
    >
      <Pages pages={pages} zoom={zoom} label={t('paper.pan')} wordOf={(n) => t('paper.page', { n, m: pages.length, name: say(found.title) })} />
    </Screen>
  );
}
