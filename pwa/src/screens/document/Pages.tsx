import { useState, type StateUpdater, type Dispatch } from 'preact/hooks';
import { t } from '../../i18n/t';
import { Button } from '../../ui/Button';
import { Note } from '../../ui/Saved';
import { Dock, DockRow } from '../../ui/Screen';
import { usePicture } from '../usePicture';

const MOST_ZOOM = 3;

export type PageOf = {
  sha256: string;
  width: number;
  height: number;
  /** A small one that is shown while the picture itself has not come. */
  thumb?: string;
};

/** How large pages are shown: 1 to 3 times the screen's width. */
export const useZoom = (): [number, Dispatch<StateUpdater<number>>] => useState(1);

/** Smaller and larger, at the thumb. */
export function ZoomDock({ zoom, onZoom }: { zoom: number; onZoom: (zoom: number) => void }) {
  return (
    <Dock plain>
      <DockRow>
        <Button icon="minus" onPress={() => onZoom(Math.max(1, zoom - 1))}>
          {t('map.out')}
        </Button>
        <Button icon="plus" onPress={() => onZoom(Math.min(MOST_ZOOM, zoom + 1))}>
          {t('map.in')}
        </Button>
      </DockRow>
    </Dock>
  );
}

/** Pictures below each other, as this phone keeps them: they need no network. */
export function Pages({ pages, zoom, label, wordOf }: { pages: readonly PageOf[]; zoom: number; label: string; wordOf: (n: number) => string }) {
  return (
    // what scrolls must be reached by the keyboard too
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div class="paper" tabIndex={0} role="group" aria-label={label}>
      {pages.map((page, n) => (
        <Page key={page.sha256} page={page} zoom={zoom} word={wordOf(n + 1)} />
      ))}
    </div>
  );
}

function Page({ page, zoom, word }: { page: PageOf; zoom: number; word: string }) {
  const { url, isAsked } = usePicture(page.sha256);
  const small = usePicture(url === null && isAsked ? (page.thumb ?? null) : null).url;
  const shape = { width: `${zoom * 100}%`, aspectRatio: `${page.width} / ${page.height}` };
  const shown = url ?? small;
  return (
    <>
      {url === null && isAsked && (
        <div class="paper__page paper__page--none">
          <Note tone="calm" icon="offline">
            {t('paper.waiting', { page: word })}
          </Note>
        </div>
      )}
      {shown !== null && <img class="paper__page" src={shown} alt={word} width={page.width} height={page.height} style={shape} />}
    </>
  );
}
