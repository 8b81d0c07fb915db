import type { Ahead, ScanResult } from '../../actions/scanCheckpoint';
import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { Button } from '../../ui/Button';
import type { ComponentChildren } from 'preact';
import { Icon } from '../../ui/Icon';
import { href } from '../route';
import type { StopView } from '../words';

/** What the scanner says over its picture. */
export type Shown = { kind: 'ask'; ahead: Ahead; onSave: () => void } | { kind: 'saved'; result: ScanResult } | { kind: 'odd'; result: ScanResult } | { kind: 'failed'; text: string };

export type OutcomeProps = {
  shown: Shown;
  /** The stop that comes next. */
  next: StopView | null;
  /** The stop that was asked for. */
  wanted: StopView | null;
  onAgain: () => void;
  onFault: (occurrence: string | null, stop: string | null) => void;
  roundHref: string;
  /** The other one of the crew has to scan here as well. */
  second?: boolean | null;
};

/** Saved, and on to the next; or what is odd about the code, which was kept all the same. */
export function Outcome({ shown, next, wanted, onAgain, onFault, roundHref, second = false }: OutcomeProps) {
  if (shown.kind === 'failed') {
    return (
      <Card tone="bad" icon="rc-attention" title={shown.text} lines={[]}>
        <Button onPress={onAgain}>{t('scan.again')}</Button>
      </Card>
    );
  }
  if (shown.kind === 'ask') {
    const { stop, next: first } = shown.ahead;
    return (
      <Card tone="warn" icon="route" title={t('scan.order.ask')} lines={[t('scan.order.why', { n: first.number, name: say(first.name) })]}>
        <Button onPress={onAgain}>{t('scan.order.stay', { n: first.number })}</Button>
        <Button onPress={shown.onSave}>{t('scan.order.go', { n: stop.number })}</Button>
      </Card>
    );
  }
  const { result } = shown;
  const lost = result.frameKept ? [] : [t('scan.frame_lost')];
  if (shown.kind === 'odd') {
    return (
      <Card tone="warn" icon="rc-attention" title={t(`scan.${oddOf(result)}`)} lines={[oddWhy(result, wanted), ...lost]}>
        <Button onPress={onAgain}>{t('scan.again')}</Button>
        {result.place && (
          <Button icon="report" onPress={() => onFault(result.occurrence, null)}>
            {t('scan.fault')}
          </Button>
        )}
      </Card>
    );
  }
  const title = result.stop
    ? t('scan.saved', { n: result.stop.number })
    : t('scan.saved.any', { name: result.place ? say(result.place.name) : '' });
  const lines = [
    ...(result.already && result.stop ? [t('scan.already', { n: result.stop.number })] : []),
    ...(result.outOfOrder ? [t('scan.order')] : []),
    ...(result.occurrence === null ? [] : [next ? t('scan.saved.next', { n: next.number, name: say(next.name) }) : t('scan.saved.last')]),
    ...lost,
  ];
  return (
    <Card tone="good" icon="rc-phone" title={title} lines={lines}>
      {second && result.occurrence !== null && result.stop && (
        <Button icon="users" href={href({ name: 'second', occurrence: result.occurrence, stop: result.stop.id })}>
          {t('crew2.act')}
        </Button>
      )}
      {(next || result.occurrence === null) && <Button onPress={onAgain}>{t('scan.again')}</Button>}
      {!next && result.occurrence !== null && <Button href={roundHref}>{t('scan.to_round')}</Button>}
      <Button icon="report" onPress={() => onFault(result.occurrence, result.stop?.id ?? null)}>
        {t('scan.fault')}
      </Button>
    </Card>
  );
}

type Odd = 'unknown' | 'retired' | 'not_here' | 'no_tag';

function oddOf(result: ScanResult): Odd {
  return result.result === 'known' ? 'unknown' : result.result;
}

function oddWhy(result: ScanResult, wanted: StopView | null): string {
  const odd = oddOf(result);
  if (odd === 'not_here') return wanted ? t('scan.not_here.why', { n: wanted.number, name: say(wanted.name) }) : '';
  return t(`scan.${odd}.why`);
}

type CardProps = {
  tone: 'good' | 'warn' | 'bad';
  icon: 'rc-phone' | 'rc-attention' | 'route';
  title: string;
  lines: string[];
  children: ComponentChildren;
};

function Card({ tone, icon, title, lines, children }: CardProps) {
  return (
    <section class="outcome" data-tone={tone}>
      <Icon name={icon} />
      <div class="outcome__b">
        <strong>{title}</strong>
        {lines.filter(Boolean).map((line) => (
          <p key={line}>{line}</p>
        ))}
      </div>
      <div class="outcome__acts">{children}</div>
    </section>
  );
}
