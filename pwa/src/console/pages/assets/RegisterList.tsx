import { useEffect, useRef, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { StateWord, type Tone } from '../../../ui/State';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Failure, Waiting } from '../../parts/Answers';
import { Pick } from '../../parts/filters';
import { Page, SiteSwitch } from '../../parts/Page';
import { newOf, NoThings, Table, useThings, zoneOptions, zonePath } from '../../parts/things';
import { place, setQuery, to } from '../../route';
import type { SiteRef, Zone } from '../../types';
import { Tabs } from './Tabs';
import type { Register, RegisterRow, Tallies } from './types';
import { STATE_LOOKS } from './words';

const PAGE = 50;
const FILTERS = ['text', 'category', 'zone', 'state', 'criticality', 'special', 'due', 'gap', 'parent', 'top'] as const;
type TallyOf = { key: keyof Tallies; set: Partial<Record<(typeof FILTERS)[number], string>>; tone: Tone };
const TALLIES: readonly TallyOf[] = [
  { key: 'assets', set: {}, tone: 'calm' },
  { key: 'stopped', set: { state: 'stopped' }, tone: 'bad' },
  { key: 'over', set: { due: 'over' }, tone: 'bad' },
  { key: 'soon', set: { due: 'soon' }, tone: 'warn' },
  { key: 'gaps', set: { gap: 'any' }, tone: 'unsure' },
  { key: 'special', set: { special: 'true' }, tone: 'calm' },
];

/** The register as a list; its filters stand in the address. */
export function RegisterList({ site }: { site: SiteRef }) {
  const asked = place.value.query;
  const offset = Number(asked['offset'] ?? 0) || 0;
  const search = new URLSearchParams({ limit: String(PAGE), offset: String(offset) });
  for (const name of FILTERS) if (asked[name]) search.set(name, asked[name]);
  const register = useLoad<Register>(`/sites/${site.id}/assets/register?${search.toString()}`);
  const zones = useThings<Zone>(site.id, 'zones');
  // what was shown stays while a filter is asked for
  const shown = useRef<Register | null>(null);
  if (register.value) shown.current = register.value;
  const found = register.value ?? (register.problem ? null : shown.current);
  const filtered = FILTERS.some((name) => asked[name]);
  return (
    <Page
      title={tc('nav.assets')}
      side={<SiteSwitch />}
      acts={may('change.assets') && <Button kind="ink" icon="plus" href={newOf(site.id, 'assets')}>{tc('assets.new')}</Button>}
    >
      <Tabs siteId={site.id} here="list" />
      {!found || !zones.value ? (
        register.problem ? <Failure problem={register.problem} onAgain={register.reload} /> : <Waiting />
      ) : found.tallies.assets === 0 && !filtered ? (
        <NoThings icon="box" title={tc('assets.empty')} why={tc('assets.empty.why')} href={newOf(site.id, 'assets')} act={tc('assets.new')} needs="change.assets" />
      ) : (
        <>
          <Tally tallies={found.tallies} />
          <Filters register={found} zones={zones.value} filtered={filtered} siteId={site.id} />
          {found.rows.length === 0 ? (
            <NoThings icon="search" title={tc('assets.none')} why={tc('assets.none.why')} />
          ) : (
            <>
              <Rows rows={found.rows} zones={zones.value} siteId={site.id} />
              <Pager register={found} />
            </>
          )}
        </>
      )}
    </Page>
  );
}

function Tally({ tallies }: { tallies: Tallies }) {
  const asked = place.value.query;
  const pressed = (one: TallyOf): boolean =>
    one.key === 'assets' ? !FILTERS.some((name) => asked[name]) : Object.entries(one.set).every(([name, value]) => asked[name] === value);
  const choose = (one: TallyOf): void => setQuery({ ...none(), ...(pressed(one) ? {} : one.set) });
  return (
    <div class="tally" role="group" aria-label={tc('assets.tally')}>
      <div class="tally__n">
        {TALLIES.map((one) => (
          <button key={one.key} type="button" data-tone={one.tone} data-zero={tallies[one.key] === 0 ? '' : undefined} aria-pressed={pressed(one)} onClick={() => choose(one)}>
            <b class="num">{tallies[one.key].toLocaleString('en')}</b>
            {tc(`assets.tally.${one.key}`)}
          </button>
        ))}
      </div>
    </div>
  );
}

const STATES = ['running', 'stopped', 'standby', 'retired'] as const;

function none(): Record<string, null> {
  return Object.fromEntries([...FILTERS, 'offset'].map((name) => [name, null]));
}

function Filters({ register, zones, filtered, siteId }: { register: Register; zones: Zone[]; filtered: boolean; siteId: string }) {
  const asked = place.value.query;
  const [text, setText] = useState(asked['text'] ?? '');
  useEffect(() => setText(asked['text'] ?? ''), [asked['text']]);
  const choose = (name: string, value: string | null): void => setQuery({ [name]: value || null, offset: null });
  const categories = register.categories.filter(({ category }) => category !== '').map(({ category, assets }) => [category, `${category} · ${assets}`] as const);
  return (
    <form
      class="filters filters--whole"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        choose('text', text.trim());
      }}
    >
      <label class="fil fil--search">
        <Icon name="search" />
        <span class="vh">{tc('assets.search')}</span>
        <input type="search" value={text} maxLength={60} placeholder={tc('assets.search.hint')} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <Pick icon="list" label={tc('asset.category')} value={asked['category'] ?? ''} options={categories} onPick={(value) => choose('category', value)} />
      <Pick icon="pin" label={tc('thing.zone')} value={asked['zone'] ?? ''} options={zoneOptions(zones).filter(({ value }) => value !== '').map(({ value, word }) => [value, word])} onPick={(value) => choose('zone', value)} />
      <Pick icon="rc-attention" label={tc('asset.criticality')} value={asked['criticality'] ?? ''} options={['A', 'B', 'C'].map((value) => [value, value])} onPick={(value) => choose('criticality', value)} />
      <Pick icon="gauge" label={tc('asset.state')} value={asked['state'] ?? ''} options={STATES.map((value) => [value, tc(`asset.state.${value}`)])} onPick={(value) => choose('state', value)} />
      <button type="button" class="fil" aria-pressed={asked['top'] === 'true'} onClick={() => choose('top', asked['top'] === 'true' ? null : 'true')}>
        {tc('assets.top')}
      </button>
      {filtered && (
        <Button kind="quiet" onPress={() => setQuery(none())}>
          {tc('assets.clear')}
        </Button>
      )}
      {asked['parent'] && <ParentWord siteId={siteId} id={asked['parent']} />}
    </form>
  );
}

function ParentWord({ siteId, id }: { siteId: string; id: string }) {
  return (
    <a class="fil" href={to(siteId, 'assets', id)}>
      {tc('assets.parts_of')}
    </a>
  );
}

function Rows({ rows, zones, siteId }: { rows: RegisterRow[]; zones: Zone[]; siteId: string }) {
  return (
    <Table
      caption={tc('nav.assets')}
      rows={rows}
      quiet={(one) => one.state === 'retired'}
      columns={[
        { head: tc('place.number'), tight: true, cell: (one) => <span class="num">{one.number}</span> },
        {
          head: tc('thing.name'),
          wide: true,
          cell: (one) => (
            <>
              <a href={to(siteId, 'assets', one.id)} lang={langOf(one.name)}>
                {say(one.name)}
              </a>
              <small>{[one.maker, one.model, one.special ? tc('asset.special') : ''].filter(Boolean).join(' · ')}</small>
            </>
          ),
        },
        { head: tc('asset.category'), cell: (one) => one.category || '—' },
        { head: tc('thing.zone'), cell: (one) => zonePath(zones, one.zone) || '—' },
        { head: tc('asset.criticality'), tight: true, cell: (one) => one.criticality ?? '—' },
        { head: tc('assets.parts'), cell: (one) => (one.parts === 0 ? '—' : <a href={to(siteId, 'assets', null, { parent: one.id })}>{tc('assets.parts.n', { n: one.parts })}</a>) },
        { head: tc('asset.state'), cell: (one) => <StateWord look={STATE_LOOKS[one.state]}>{tc(`asset.state.${one.state}`)}</StateWord> },
        { head: tc('assets.next_due'), tight: true, cell: (one) => (one.next_due ? <span class="num">{one.next_due}</span> : '—') },
        { head: tc('assets.lacks'), cell: (one) => (one.gaps.length === 0 ? tc('assets.lacks.none') : tc('assets.lacks.n', { n: one.gaps.length })) },
      ]}
    />
  );
}

function Pager({ register: { total, offset, rows } }: { register: Register }) {
  const last = offset + rows.length;
  return (
    <div class="pager">
      <span class="meta">{tc('assets.shown', { a: offset + 1, b: last, n: total.toLocaleString('en') })}</span>
      {offset > 0 && <Button onPress={() => setQuery({ offset: offset > PAGE ? String(offset - PAGE) : null })}>{tc('pager.before')}</Button>}
      {last < total && <Button onPress={() => setQuery({ offset: String(last) })}>{tc('pager.after')}</Button>}
    </div>
  );
}
