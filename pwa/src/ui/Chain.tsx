import type { ComponentChildren } from 'preact';
import { t } from '../i18n/t';
import { Icon } from './Icon';

/** A record of a log as a link, or numbers that are missing. */
export type ChainLink =
  | { kind: 'record'; seq: number; hash: string; title: string; here: boolean; signature: 'verified' | 'bad' | 'weak' }
  | { kind: 'gap'; from: number; to: number };

export type ChainProps = {
  links: readonly ChainLink[];
  /** What ends the chain: the seal of the receipt, as a list item's content. */
  end?: ComponentChildren;
};

/** Records one after the other: a thick link where the signature was verified, a hatched box where numbers are missing. */
export function Chain({ links, end }: ChainProps) {
  return (
    <ol class="chain">
      {links.map((link) =>
        link.kind === 'gap' ? (
          <li key={`gap-${link.from}`} class="chain__gap" data-tone="unsure">
            <b>{t('chain.gap', { from: link.from, to: link.to, n: link.to - link.from + 1 })}</b>
          </li>
        ) : (
          <li key={link.seq} data-signature={link.signature} aria-current={link.here ? 'true' : undefined}>
            <b>#{link.seq}</b> {link.title}
            <small class="code">
              <br />
              {link.hash.slice(0, 8)}
            </small>
            <small class="vh">{t(`chain.${link.signature}`)}</small>
            {link.here && <small class="vh">{t('chain.here')}</small>}
          </li>
        ),
      )}
      {end !== undefined && (
        <li class="chain__end" data-tone="good">
          <Icon name="rc-received" />
          {end}
        </li>
      )}
    </ol>
  );
}
