import { useState } from 'preact/hooks';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import type { DocumentBody } from '../../protocol/entities';
import { paper } from '../../state/papers';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Note } from '../../ui/Saved';
import { Dock, DockRow, Screen } from '../../ui/Screen';
import { href, type Route } from '../route';
import { usePicture } from '../usePicture';

const MOST_ZOOM = 3;

/** A paper of an asset, page by page, as this phone keeps it: it needs no network and no reader of PDFs. */
export function Document({ to }: { to: Extract<Route, { name: 'document' }> }) {
  const [zoom, setZoom] = useState(1);
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
  const pages = pagesOf(found);
  return (
    <Screen
      small
      title={<span lang={langOf(found.title)}>{say(found.title)}</span>}
      sub={[t(`card.paper.${found.kind}`), t('paper.pages', { n: pages.length })].join(' · ')}
      back={back}
      dock={
        <Dock plain>
          <DockRow>
            <Button icon="minus" onPress={() => setZoom(Math.max(1, zoom - 1))}>
              {t('map.out')}
            </Button>
            <Button icon="plus" onPress={() => setZoom(Math.min(MOST_ZOOM, zoom + 1))}>
              {t('map.in')}
            </Button>
          </DockRow>
        </Dock>
      }
    >
      {/* what scrolls must be reached by the keyboard too */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div class="paper" tabIndex={0} role="group" aria-label={t('paper.pan')}>
        {pages.map((page, n) => (
          <Page key={page.sha256} page={page} zoom={zoom} word={t('paper.page', { n: n + 1, m: pages.length, name: say(found.title) })} />
        ))}
      </div>
    </Screen>
  );
}

type PageOf = { sha256: string; width: number; height: number };

function pagesOf({ file }: DocumentBody): readonly PageOf[] {
  return file.pages;
}

function Page({ page, zoom, word }: { page: PageOf; zoom: number; word: string }) {
  const { url, isAsked } = usePicture(page.sha256);
  const shape = { width: `${zoom * 100}%`, aspectRatio: `${page.width} / ${page.height}` };
  if (url === null) {
    return (
      <div class="paper__page paper__page--none" style={{ aspectRatio: '4 / 1' }}>
        {isAsked && (
          <Note tone="calm" icon="offline">
            {t('paper.waiting', { page: word })}
          </Note>
        )}
      </div>
    );
  }
  return <img class="paper__page" src={url} alt={word} width={page.width} height={page.height} style={shape} />;
}
