import { useEffect, useRef, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { Icon } from '../../../ui/Icon';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { Page, SiteSwitch } from '../../parts/Page';
import { go, place, setQuery, to } from '../../route';
import type { PageProps, SiteRef } from '../../types';
import { DeskSettings } from './DeskSettings';
import { NewRequest } from './NewRequest';
import { RequestPage } from './RequestPage';
import { kinds, type Queue, type Row } from './types';
import { Due, isPressing, kindWords, placeWords, StateChip } from './words';

const REFRESH_MS = 20_000;
const states = ['going', 'new', 'open', 'done', 'ended'] as const;

/** The service desk: the queue, one request, a new one, and what the site says of its desk. */
export function RequestsPage({ site, id }: PageProps) {
  if (id === 'new') return <NewRequest site={site} />;
  if (id === 'settings') return <DeskSettings site={site} />;
  if (id !== null) return <RequestPage site={site} id={id} />;
  return <Desk site={site} />;
}

function Desk({ site }: { site: SiteRef }) {
  const { query } = place.value;
  const ask = new URLSearchParams();
  for (const name of ['state', 'kind', 'mine', 'unread', 'text', 'skip']) if (query[name]) ask.set(name, query[name]);
  const loaded = useLoad<Queue>(`/sites/${site.id}/requests?${ask.toString()}`);
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) loaded.reload();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, [loaded.reload]);
  useKeys(site);
  const queue = loaded.value;
  return (
    <Page
      title={tc('nav.requests')}
      sub={queue ? tc('desk.sub', { n: queue.counts.new + queue.counts.open + queue.counts.done, late: queue.counts.late }) : undefined}
      side={<SiteSwitch />}
      acts={
        <>
          {may('change.plan') && <span class="opt"><Button icon="gear" href={to(site.id, 'requests', 'settings')}>{tc('desk.settings')}</Button></span>}
          <Button kind="ink" icon="plus" href={to(site.id, 'requests', 'new')}>{tc('desk.new')}</Button>
        </>
      }
    >
      <Filters queue={queue} />
      <Refusal problem={queue ? loaded.problem : null} />
      {queue ? <List site={site} queue={queue} /> : loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />}
    </Page>
  );
}

/** N enters a new one, / goes to the search: while somebody is on the phone nobody reaches for the mouse. */
function useKeys(site: SiteRef): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
      if (event.key === 'n') {
        event.preventDefault();
        go(to(site.id, 'requests', 'new'));
      } else if (event.key === '/') {
        event.preventDefault();
        document.getElementById('desk-search')?.focus();
      }
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [site.id]);
}

function Filters({ queue }: { queue: Queue | null }) {
  const { query } = place.value;
  const chosen = query['state'] ?? 'going';
  const [text, setText] = useState(query['text'] ?? '');
  const timer = useRef(0);
  const set = (changes: Record<string, string | null>) => setQuery({ skip: null, ...changes });
  const count = (state: string) => (queue && state in queue.counts ? ` ${queue.counts[state as 'new']}` : '');
  return (
    <div class="filters" role="group" aria-label={tc('log.filters')}>
      {states.map((state) => (
        <button key={state} type="button" class="fil" aria-pressed={chosen === state} onClick={() => set({ state: state === 'going' ? null : state })}>
          {tc(`desk.show.${state}`)}
          <span class="num">{count(state)}</span>
        </button>
      ))}
      <button type="button" class="fil" aria-pressed={query['mine'] === 'true'} onClick={() => set({ mine: query['mine'] ? null : 'true' })}>
        <Icon name="user" />
        {tc('desk.mine')}
      </button>
      <button type="button" class="fil" aria-pressed={query['unread'] === 'true'} onClick={() => set({ unread: query['unread'] ? null : 'true' })}>
        <Icon name="report" />
        {tc('desk.unread')}
      </button>
      <label class="fil fil--select" data-on={query['kind'] ? '' : undefined}>
        <span>{tc('desk.kind')}</span>
        <select value={query['kind'] ?? ''} onChange={(event) => set({ kind: event.currentTarget.value || null })}>
          <option value="">{tc('log.all')}</option>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {tc(`desk.kind.${kind}`)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </label>
      <label class="fil fil--search">
        <Icon name="search" />
        <span class="vh">{tc('desk.search')}</span>
        <input
          id="desk-search"
          type="search"
          value={text}
          maxLength={60}
          placeholder={tc('desk.search')}
          onInput={(event) => {
            const typed = event.currentTarget.value;
            setText(typed);
            clearTimeout(timer.current);
            timer.current = window.setTimeout(() => set({ text: typed.trim() || null }), 250);
          }}
        />
      </label>
    </div>
  );
}

function List({ site, queue }: { site: SiteRef; queue: Queue }) {
  const { query } = place.value;
  const skip = Number(query['skip'] ?? 0);
  if (queue.requests.length === 0) {
    const narrowed = Object.keys(query).length > 0;
    return (
      <div class="panel">
        <Empty icon="check" title={tc(narrowed ? 'desk.none' : 'desk.empty')}>
          {tc(narrowed ? 'desk.none.why' : 'desk.empty.why')}
        </Empty>
      </div>
    );
  }
  return (
    <>
      <div class="tablewrap">
        <table class="stack">
          <caption class="vh">{tc('nav.requests')}</caption>
          <thead>
            <tr>
              {(['desk.due', 'desk.what', 'desk.where', 'desk.owner', 'desk.how'] as const).map((key) => (
                <th key={key} scope="col">
                  {tc(key)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {queue.requests.map((row) => (
              <Line key={row.id} row={row} site={site} now={queue.now_ms} />
            ))}
          </tbody>
        </table>
      </div>
      <div class="pager">
        <span class="meta opt">{tc('desk.keys')}</span>
        {skip > 0 && <Button icon="back" onPress={() => setQuery({ skip: skip > 50 ? String(skip - 50) : null })}>{tc('desk.before')}</Button>}
        {queue.more && <Button after="next" onPress={() => setQuery({ skip: String(skip + 50) })}>{tc('desk.after')}</Button>}
      </div>
    </>
  );
}

function Line({ row, site, now }: { row: Row; site: SiteRef; now: number }) {
  return (
    <tr class={isPressing(row, now) ? 'pressing' : undefined}>
      <td class="nb">
        <Due row={row} now={now} />
      </td>
      <td class="w">
        <a href={to(site.id, 'requests', row.id)}>
          <span class="num">{row.number}</span> <b>{kindWords(row)}</b>
        </a>{' '}
        {row.urgency !== 'normal' && (
          <span class="chip" data-tone="bad">
            {tc(`desk.urgency.${row.urgency}`)}
          </span>
        )}
        {row.unread && (
          <span class="chip" data-tone="warn">
            {tc('desk.unread')}
          </span>
        )}
        <span class="excerpt" dir="auto">{row.text}</span>
      </td>
      <td>{placeWords(row) || '—'}</td>
      <td class="nb">
        {row.owner?.name ?? <b>{tc('desk.nobody')}</b>}
        {row.offered_to && <small class="meta"> → {row.offered_to.name}</small>}
      </td>
      <td class="nb">
        <StateChip state={row.state} /> <small class="meta">{moment(row.opened_ms, site.time_zone, now)}</small>
      </td>
    </tr>
  );
}
