/** A page: its title, what stands beside it, its content. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { tc } from '../../i18n/console';
import { say } from '../../i18n/label';
import { Icon } from '../../ui/Icon';
import { go, place, to, type SitePage } from '../route';
import { session, site } from '../model/session';

export type Crumb = { href?: string; word: string };
export type PageFrameProps = {
  title: string;
  /** Chips beside the title. */
  chips?: ComponentChildren;
  sub?: ComponentChildren;
  /** The way here. */
  crumbs?: readonly Crumb[];
  /** What stands at the right. */
  side?: ComponentChildren;
  acts?: ComponentChildren;
  children: ComponentChildren;
};

let opened = false;

/** The frame of a page. Its heading takes the focus when the page opens, so that a screen reader begins there. */
export function Page({ title, chips, sub, crumbs, side, acts, children }: PageFrameProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // a form that begins at its first field keeps it
    const busy = heading.current?.closest('main')?.contains(document.activeElement) === true && document.activeElement?.tagName !== 'MAIN';
    if (opened && !busy) heading.current?.focus({ preventScroll: true });
    opened = true;
    window.scrollTo(0, 0);
  }, []);
  useEffect(() => {
    document.title = `${title} · ${tc('console.brand')}`;
  }, [title]);
  return (
    <>
      {crumbs && (
        <nav class="crumb" aria-label={tc('nav.crumbs')}>
          {crumbs.map((crumb) => (
            <>
              {crumb.href ? <a href={crumb.href}>{crumb.word}</a> : <span aria-current="page">{crumb.word}</span>}
              {crumb.href && <span aria-hidden="true">›</span>}
            </>
          ))}
        </nav>
      )}
      <div class="bar">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {chips}
        {sub !== undefined && <span class="sub">{sub}</span>}
        <span class="grow" />
        {side}
        {acts}
      </div>
      {children}
    </>
  );
}

/** The switch of the site: the same page of another site, without its filters. */
export function SiteSwitch() {
  const one = site.value;
  if (!one) return null;
  const { sites } = session.value;
  if (sites.length < 2) {
    return (
      <span class="fresh">
        <Icon name="pin" />
        <b>{say(one.name)}</b>
      </span>
    );
  }
  return (
    <>
      <b class="onlyprint">{say(one.name)}</b>
      <label class="fil fil--select">
        <Icon name="pin" />
        <span class="vh">{tc('site.switch')}</span>
        <select value={one.id} onChange={(event) => go(to(event.currentTarget.value, listOf(place.peek().page)))}>
          {sites.map((each) => (
            <option key={each.id} value={each.id}>
              {say(each.name)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </label>
    </>
  );
}

function listOf(page: string): SitePage {
  if (page === 'rounds') return 'board';
  if (page === 'visits') return 'log';
  if (page === 'behind') return 'score';
  return page as SitePage;
}

export type PanelProps = { title: string; fact?: ComponentChildren; flush?: boolean; class?: string; children: ComponentChildren };

/** A framed part of a page with its heading. */
export function Panel({ title, fact, flush = false, class: name = '', children }: PanelProps) {
  return (
    <section class={`panel ${name}`.trim()}>
      <header>
        <h2>{title}</h2>
        {fact !== undefined && <small>{fact}</small>}
      </header>
      {flush ? children : <div class="panel__b">{children}</div>}
    </section>
  );
}
