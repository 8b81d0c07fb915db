import { tc } from '../../../i18n/console';
import { may } from '../../model/may';
import { to } from '../../route';

/** The pages of the register. */
export function Tabs({ siteId, here }: { siteId: string; here: 'list' | 'due' | 'gaps' | 'takeover' | 'import' }) {
  const pages = (['list', 'due', 'gaps', 'takeover', 'import'] as const).filter((page) => page !== 'import' || may('change.assets'));
  return (
    <nav class="filters noprint" aria-label={tc('assets.pages')}>
      {pages.map((page) => (
        <a key={page} class="fil" href={to(siteId, 'assets', page === 'list' ? null : page)} aria-current={page === here ? 'page' : undefined}>
          {tc(`assets.tab.${page}`)}
        </a>
      ))}
    </nav>
  );
}
