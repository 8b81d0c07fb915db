import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { mayAt } from '../../model/may';
import { Page, SiteSwitch } from '../../parts/Page';
import { to } from '../../route';
import type { SiteRef } from '../../types';

export type View = 'board' | 'list' | 'log';

export type FrameProps = { site: SiteRef; view: View; sub?: string; children: preact.ComponentChildren };

/** The frame of the three views. */
export function OrdersFrame({ site, view, sub, children }: FrameProps) {
  return (
    <Page
      title={tc('nav.work_orders')}
      sub={sub}
      side={<SiteSwitch />}
      acts={
        mayAt(site, 'dispatch') && (
          <Button kind="ink" icon="plus" href={to(site.id, 'orders', 'new')}>
            {tc('orders.new')}
          </Button>
        )
      }
    >
      <div class="filters" role="group" aria-label={tc('orders.views')}>
        {(['board', 'list', 'log'] as const).map((one) => (
          <a key={one} class="fil" href={to(site.id, 'orders', null, { view: one === 'board' ? null : one })} aria-current={one === view ? 'page' : undefined}>
            <Icon name={one === 'board' ? 'board' : one === 'list' ? 'list' : 'doc'} />
            {tc(`orders.view.${one}`)}
          </a>
        ))}
        <span class="grow" />
        <a class="fil" href={to(site.id, 'orders', 'policy')}>
          <Icon name="gear" />
          {tc('orders.policy')}
        </a>
      </div>
      {children}
    </Page>
  );
}
