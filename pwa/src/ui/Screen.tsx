/** The frame of a phone screen: title on top, content, and the dock at the thumb. */
import { createContext, type ComponentChildren } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/t';
import { IconButton } from './Button';
import { Icon } from './Icon';
import type { IconName } from './icons';

export type ScreenProps = {
  title: ComponentChildren;
  /** The second line under the title. */
  sub?: ComponentChildren;
  /** Where back leads, as a hash address. */
  back?: string;
  /** Back by a function, when leaving must be asked about. */
  onBack?: () => void;
  /** Closing instead of going back. */
  close?: boolean;
  /** A smaller title, for screens whose content is the point. */
  small?: boolean;
  /** What stands at the right of the title. */
  side?: ComponentChildren;
  /** A lasting condition above the title. */
  strip?: ComponentChildren;
  dock?: ComponentChildren;
  children: ComponentChildren;
};

/** Whether screens stand inside another page, which has its own landmarks: a preview. */
export const Inside = createContext(false);

/** One screen. Its heading takes the focus when the screen opens, so that a screen reader begins at the top. */
export function Screen(props: ScreenProps) {
  const { title, sub, back, onBack, close = false, small = false, side, strip, dock, children } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  const Main = useContext(Inside) ? 'div' : 'main';
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
    // in a preview it is a part of another page, which stays where it is
    if (heading.current?.getRootNode() === document) window.scrollTo(0, 0);
  }, []);
  const leads = back !== undefined || onBack !== undefined;
  return (
    <div class="phone">
      {strip}
      <header class={leads ? 'top top--back' : 'top'}>
        {leads && (
          <IconButton
            name={close ? 'close' : 'back'}
            label={t(close ? 'nav.close' : 'nav.back')}
            {...(onBack ? { onPress: onBack } : { href: back! })}
          />
        )}
        <div class="top__t">
          <h1 ref={heading} tabIndex={-1} class={small ? 'top__small' : undefined}>
            {title}
          </h1>
          {sub !== undefined && <p class="meta">{sub}</p>}
        </div>
        {side}
      </header>
      <Main class="page">{children}</Main>
      {dock}
    </div>
  );
}

export type DockProps = { plain?: boolean; children: ComponentChildren };

/** Where the thumb is: the main act first, then two plain acts or the tabs. */
export function Dock({ plain = false, children }: DockProps) {
  return <footer class={plain ? 'dock dock--plain' : 'dock'}>{children}</footer>;
}

/** Acts side by side under the main act. */
export function DockRow({ children }: { children: ComponentChildren }) {
  return <div class="dock__row">{children}</div>;
}

export type Tab = { href: string; icon: IconName; word: string; here: boolean; count?: number; countName?: string };

/** The main pages; a number stands on a tab that needs a person. */
export function Tabs({ tabs }: { tabs: readonly Tab[] }) {
  return (
    <nav class="tabs" aria-label={t('nav.main')}>
      {tabs.map((tab) => (
        <a key={tab.href} href={tab.href} aria-current={tab.here ? 'page' : undefined}>
          <Icon name={tab.icon} />
          {tab.word}
          {tab.count !== undefined && tab.count > 0 && (
            <span class="dot">
              {tab.count}
              <span class="vh">{tab.countName}</span>
            </span>
          )}
        </a>
      ))}
    </nav>
  );
}

export type StripProps = { icon: IconName; children: ComponentChildren; act?: string; onAct?: () => void };

/** A lasting condition of the phone: offline, a Wi-Fi that wants a sign-in, a version that waits. */
export function Strip({ icon, children, act, onAct }: StripProps) {
  return (
    <div class="strip" role="status">
      <Icon name={icon} />
      <span class="grow">{children}</span>
      {act !== undefined && (
        <button type="button" onClick={onAct}>
          {act}
        </button>
      )}
    </div>
  );
}

/** The heading of a part of a screen, with a fact at its right. */
export function Section({ title, fact }: { title: string; fact?: ComponentChildren }) {
  return (
    <div class="sec">
      <h2>{title}</h2>
      {fact !== undefined && <span>{fact}</span>}
    </div>
  );
}
