import { t } from '../i18n/t';
import { waiting } from '../state/orders';
import { Tabs } from '../ui/Screen';
import { own } from './own';
import { href } from './route';

/** The main pages of the phone. */
export function MainTabs({ here }: { here: 'today' | 'orders' | 'log' }) {
  const { refused } = own();
  return (
    <Tabs
      tabs={[
        { href: href({ name: 'today' }), icon: 'today', word: t('nav.today'), here: here === 'today' },
        {
          href: href({ name: 'orders' }),
          icon: 'order',
          word: t('nav.orders'),
          here: here === 'orders',
          count: waiting.value,
          countName: t('wo.waiting', { n: waiting.value }),
        },
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
