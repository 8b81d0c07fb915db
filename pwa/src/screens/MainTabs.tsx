import { t } from '../i18n/t';
import { Tabs } from '../ui/Screen';
import { own } from './own';
import { href } from './route';

/** The main pages of the phone. */
export function MainTabs({ here }: { here: 'today' | 'log' }) {
  const { refused } = own();
  return (
    <Tabs
      tabs={[
        { href: href({ name: 'today' }), icon: 'today', word: t('nav.today'), here: here === 'today' },
        { href: href({ name: 'finding', occurrence: null, stop: null }), icon: 'report', word: t('nav.report'), here: false },
        {
          href: href({ name: 'log' }),
          icon: 'log',
          word: t('nav.log'),
          here: here === 'log',
          count: refused,
          countName: t('sync.refused', { n: refused }),
        },
      ]}
    />
  );
}
