/** The papers of assets: procedures, standards, drawings, certificates. */
import { computed, type ReadonlySignal } from '@preact/signals';
import type { DocumentBody } from '../protocol/entities';
import { world } from './data';
import type { World } from './world';

const ORDER: readonly DocumentBody['kind'][] = ['procedure', 'standard', 'drawing', 'certificate', 'other'];

/** The papers of an asset, those of its category too: how it is run first. Pure. */
export function papersOf(from: World, asset: string): DocumentBody[] {
  const category = from.asset.get(asset)?.body.category;
  return [...from.document.values()]
    .map(({ body }) => body)
    .filter((body) => body.assets.includes(asset) || (typeof category === 'string' && category !== '' && (body.categories ?? []).includes(category)))
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || a.title.zh.localeCompare(b.title.zh));
}

/** One paper; null while it is not on this phone. */
export function paper(id: string): ReadonlySignal<DocumentBody | null> {
  return computed(() => world.value.document.get(id)?.body ?? null);
}
