import type { PageProps } from '../../types';
import { CopyPage } from './CopyPage';
import { DemandPage } from './DemandPage';
import { Overview } from './Overview';
import { TemplatePage } from './TemplatePage';

/** The service plan of a site: what was promised, which plans serve it, and how plans come from templates and other sites. */
export function ServicePage({ site, id }: PageProps) {
  if (id === null) return <Overview site={site} />;
  if (id === 'template') return <TemplatePage site={site} />;
  if (id === 'copy') return <CopyPage site={site} />;
  return <DemandPage site={site} id={id} />;
}
