import { place } from '../../route';
import type { PageProps } from '../../types';
import { Lazy } from '../../parts/Lazy';
import { AssetPage } from './AssetPage';
import { RegisterList } from './RegisterList';

const editor = () => import('./AssetEditor').then((m) => m.AssetEditor);
const duties = () => import('./DutiesPage').then((m) => m.DutiesPage);
const gaps = () => import('./GapsPage').then((m) => m.GapsPage);
const takeOver = () => import('./TakeOverPage').then((m) => m.TakeOverPage);
const intake = () => import('./ImportPage').then((m) => m.ImportPage);

/** The register of what is maintained: the list, one asset, what is due, what is missing, the take-over, import and export. */
export function AssetsPage({ site, id }: PageProps) {
  if (id === null) return <RegisterList site={site} />;
  if (id === 'due') return <Lazy load={duties} props={{ site }} />;
  if (id === 'gaps') return <Lazy load={gaps} props={{ site }} />;
  if (id === 'takeover') return <Lazy load={takeOver} props={{ site }} />;
  if (id === 'import') return <Lazy load={intake} props={{ site }} />;
  if (id === 'new' || place.value.query['edit'] === 'yes') return <Lazy load={editor} props={{ site, id }} />;
  return <AssetPage site={site} id={id} />;
}
