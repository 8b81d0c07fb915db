import { clockTime } from '../i18n/format';
import { t } from '../i18n/t';
import { Icon } from './Icon';

export type ReceiptProps = {
  /** The highest number that the server holds without a gap. */
  upTo: number;
  /** When the server received it, ms. */
  receivedMs: number;
  /** Twelve characters in groups of four that two people can compare. */
  checkWord: string;
  zone: string;
  heading?: 'h2' | 'strong';
};

/** The server's signed word that it holds a log up to a number. */
export function Receipt({ upTo, receivedMs, checkWord, zone, heading: Heading = 'strong' }: ReceiptProps) {
  return (
    <section class="receipt">
      <span class="seal">
        <Icon name="rc-received" />
      </span>
      <Heading class="receipt__h">{t('sync.upto', { n: upTo })}</Heading>
      <p class="meta">{t('sync.receipt', { time: clockTime(receivedMs, zone) })}</p>
      <p class="code">
        <span class="vh">{t('log.word')} </span>
        {checkWord}
      </p>
    </section>
  );
}
