import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/t';
import { Icon } from './Icon';
import type { IconName } from './icons';

/** The green head of a screen that says: this phone has it. The phone is hollow; only a receipt is solid. */
export function SavedHead({ children }: { children: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header class="saved" aria-live="assertive">
      <div class="big">
        <Icon name="rc-phone" />
      </div>
      <h1 ref={heading} tabIndex={-1}>
        {t('saved.title')}
      </h1>
      {children}
    </header>
  );
}

/** How far a record has come: on this phone, on its way, with the server. */
export type Journey = 'offline' | 'waiting' | 'sending' | 'received';

/** The three steps of a record, the ones still to come in grey. */
export function Steps({ journey }: { journey: Journey }) {
  const sent = journey === 'received';
  return (
    <ul class="card steps">
      <Step icon="rc-phone" tone="good" sub={t('saved.keeps')}>
        {t('saved.step.phone')}
      </Step>
      {sent ? (
        <Step icon="rc-sending" tone="good">
          {t('saved.step.sent')}
        </Step>
      ) : journey === 'sending' ? (
        <Step icon="rc-sending" tone="live">
          {t('saved.step.sending')}
        </Step>
      ) : (
        <Step icon="rc-sending" sub={t(journey === 'offline' ? 'saved.step.wait.offline' : 'saved.step.wait.online')}>
          {t('saved.step.wait')}
        </Step>
      )}
      {sent ? (
        <Step icon="rc-received" tone="good">
          {t('saved.step.received')}
        </Step>
      ) : (
        <Step icon="seal-wait" sub={t('saved.step.centre.why')}>
          {t('saved.step.centre')}
        </Step>
      )}
    </ul>
  );
}

type StepProps = { icon: IconName; tone?: 'good' | 'live'; sub?: string; children: ComponentChildren };

function Step({ icon, tone, sub, children }: StepProps) {
  return (
    <li data-tone={tone} data-off={tone === undefined ? '' : undefined}>
      <span class="steps__i">
        <Icon name={icon} />
      </span>
      <span>
        {children}
        {sub !== undefined && <small>{sub}</small>}
      </span>
    </li>
  );
}

export type NoteProps = { tone: 'warn' | 'bad' | 'calm' | 'live'; icon: IconName; live?: boolean; children: ComponentChildren };

/** A sentence that says what happens next. */
export function Note({ tone, icon, live = false, children }: NoteProps) {
  return (
    <p class="note" data-tone={tone} role={live ? 'status' : undefined}>
      <Icon name={icon} />
      <span>{children}</span>
    </p>
  );
}
