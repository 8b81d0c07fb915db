/** What the lists and the forms of a site's things share. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { tc } from '../../i18n/console';
import { say } from '../../i18n/label';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import type { IconName } from '../../ui/icons';
import { send } from '../api';
import { useLoad, type Loaded } from '../model/load';
import { tell } from '../model/notice';
import { may as mayDo } from '../model/may';
import { go, to, type SitePage } from '../route';
import type { Capability, Zone } from '../types';
import { Failure, Refusal, Waiting } from './Answers';
import type { Option } from './fields';
import { Page, SiteSwitch } from './Page';
import type { Draft } from './useForm';

/** The list `things` of a site; without a site nothing is asked. */
export function useThings<T>(siteId: string | null, things: string): Loaded<T[]> {
  const { value, problem, reload, put } = useLoad<Record<string, T[]>>(siteId === null ? null : `/sites/${siteId}/${things}`);
  return { value: value ? (value[things] ?? []) : null, problem, reload, put: (list) => put({ [things]: list }) };
}

/** Keep a thing: POST a new one, PATCH a known one; then tell it and go back to the list. */
export async function keep(siteId: string, things: string, id: string | null, body: unknown, back: string): Promise<void> {
  if (id === null) await send('POST', `/sites/${siteId}/${things}`, body);
  else await send('PATCH', `/sites/${siteId}/${things}/${id}`, body);
  tell(tc('act.saved'));
  go(back);
}

export type ListPageProps = {
  title: string;
  sub?: string;
  /** What making one takes. */
  needs?: Capability;
  /** Where a new one is made, and what it is called. */
  newHref?: string;
  newWord?: string;
  loads: readonly Pick<Loaded<unknown>, 'value' | 'problem' | 'reload'>[];
  side?: ComponentChildren;
  children: () => ComponentChildren;
};

/** A page of a list; its content is drawn when everything it needs has come. */
export function ListPage({ title, sub, needs = 'change.plan', newHref, newWord, loads, side, children }: ListPageProps) {
  const failed = loads.find((load) => load.value === null && load.problem !== null);
  const ready = loads.every((load) => load.value !== null);
  return (
    <Page
      title={title}
      sub={sub}
      side={
        <>
          <SiteSwitch />
          {side}
        </>
      }
      acts={
        newHref &&
        mayDo(needs) && (
          <Button kind="ink" icon="plus" href={newHref}>
            {newWord}
          </Button>
        )
      }
    >
      {ready ? children() : failed?.problem ? <Failure problem={failed.problem} onAgain={failed.reload} /> : <Waiting />}
    </Page>
  );
}

type NoThingsProps = { icon: IconName; title: string; why: string; href?: string; act?: string; needs?: Capability };

/** A list without anything in it: what is so, and what to do. */
export function NoThings({ icon, title, why, href, act, needs = 'change.plan' }: NoThingsProps) {
  return (
    <div class="panel">
      <Empty icon={icon} title={title} act={href && mayDo(needs) && <Button href={href}>{act}</Button>}>
        {why}
      </Empty>
    </div>
  );
}

/** `wide` takes a line of its own on a phone, `tight` is not broken, `number` stands at the right. */
export type Column<T> = { head: string; cell: (row: T) => ComponentChildren; wide?: boolean; tight?: boolean; number?: boolean; /** On a phone its head stands before it. */ named?: boolean };

/** What a cell says where there is nothing. */
const NONE = '—';

/** Rows of things; on a phone every row becomes a card. */
export function Table<T extends { id: string }>({ caption, columns, rows, quiet }: { caption: string; columns: readonly Column<T>[]; rows: readonly T[]; quiet?: (row: T) => boolean }) {
  return (
    <div class="tablewrap">
      <table class="stack">
        <caption class="vh">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.head} scope="col" class={column.number ? 'r' : undefined}>
                {column.head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id} class={quiet?.(row) ? 'quietrow' : undefined}>
              {columns.map((column) => {
                const cell = column.cell(row);
                return (
                  <td
                    key={column.head}
                    class={column.wide ? 'w' : column.number ? 'r' : column.tight ? 'nb' : undefined}
                    data-label={column.named ? column.head : undefined}
                    data-none={cell === NONE ? '' : undefined}
                  >
                    {cell}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export type EditPageProps = {
  title: string;
  /** The list: where one came from and goes back to. */
  back: { href: string; word: string };
  draft: Pick<Draft<object>, 'problem' | 'busy'>;
  onSave: () => void;
  save?: string;
  /** What else can be done to the thing. */
  more?: ComponentChildren;
  /** The whole width: something stands beside the form. */
  wide?: boolean;
  /** Whether the person may keep it; by default their role at the site says so. */
  may?: boolean;
  children: ComponentChildren;
};

/** A page with a form of one thing. Who may only look sees why nothing can be kept. */
export function EditPage({ title, back, draft, onSave, save, more, wide = false, may = mayDo('change.plan'), children }: EditPageProps) {
  const form = useRef<HTMLFormElement>(null);
  // a refused form leads to the first field that has to change
  useEffect(() => {
    if (draft.problem) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [draft.problem]);
  return (
    <Page title={title} crumbs={[{ href: back.href, word: back.word }, { word: title }]}>
      {may ? null : <p class="note">{tc('edit.look_only')}</p>}
      <form
        ref={form}
        class={wide ? 'form form--page form--wide' : 'form form--page'}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          onSave();
        }}
      >
        {children}
        <Refusal problem={draft.problem} />
        <div class="acts">
          {may && (
            <Button submit kind="ink" busy={draft.busy}>
              {save ?? tc('act.save')}
            </Button>
          )}
          <Button href={back.href}>{tc('act.back')}</Button>
          <span class="grow" />
          {may && more}
        </div>
      </form>
    </Page>
  );
}

/** A page for a thing that is looked up in its list first. */
export function FindPage<T>({ load, pick, title, back, children }: { load: Loaded<T[]>; pick: (one: T) => boolean; title: string; back: { href: string; word: string }; children: (thing: T) => ComponentChildren }) {
  if (load.value === null) {
    return (
      <Page title={title} crumbs={[back]}>
        {load.problem ? <Failure problem={load.problem} onAgain={load.reload} /> : <Waiting />}
      </Page>
    );
  }
  const thing = load.value.find(pick);
  if (thing === undefined) {
    return (
      <Page title={title} crumbs={[back]}>
        <NoThings icon="search" title={tc('edit.gone')} why={tc('edit.gone.why')} href={back.href} act={tc('act.back')} />
      </Page>
    );
  }
  return <>{children(thing)}</>;
}

/** Zones as options, each with the zones around it: `地下车库 / B1 东`. */
export function zoneOptions(zones: readonly Zone[], without?: string | null): Option[] {
  const options = zones.filter((zone) => zone.id !== without).map((zone) => ({ value: zone.id, word: zonePath(zones, zone.id) }));
  return [{ value: '', word: tc('zone.none') }, ...options.sort((a, b) => a.word.localeCompare(b.word))];
}

/** A zone's name with those around it. */
export function zonePath(zones: readonly Zone[], id: string | null): string {
  const words: string[] = [];
  let at = id;
  for (let depth = 0; at !== null && depth < 10; depth += 1) {
    const zone = zones.find((one) => one.id === at);
    if (!zone) break;
    words.unshift(say(zone.name));
    at = zone.parent;
  }
  return words.join(' / ');
}

/** The address of a new thing of a page. */
export function newOf(siteId: string, page: SitePage, what = 'new'): string {
  return to(siteId, page, what);
}
