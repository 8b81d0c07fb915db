import type { ComponentChildren } from 'preact';
import { tc } from '../../i18n/console';
import { Icon } from '../../ui/Icon';
import { Account } from './Account';

/** What stands before the console: one card, the language and the theme. */
export function Door({ children }: { children: ComponentChildren }) {
  return (
    <div class="console console--door">
      <main class="door">
        <p class="door__brand">
          <Icon name="brand" />
          {tc('console.brand')}
        </p>
        {children}
        <Account />
      </main>
    </div>
  );
}
