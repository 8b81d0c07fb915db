import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { StateWord } from '../../../ui/State';
import { send } from '../../api';
import { dayOf } from '../../dates';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { SelectField, TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { Page, SiteSwitch } from '../../parts/Page';
import { NoThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { place, setQuery, to } from '../../route';
import type { SiteRef } from '../../types';
import { Tabs } from './Tabs';
import { FOUND, type Found, type TakeOver, type TakeOverCounts, type TakeOverGroup, type TakeOverItem, type TakeOverPage as Told } from './types';
import { FOUND_LOOKS, percent } from './words';

const PAGE = 500;

/** A property is taken over: every shared part, paper and asset is ticked, and the share that was looked at is told. */
export function TakeOverPage({ site }: { site: SiteRef }) {
  const asked = place.value.query;
  const offset = Number(asked['offset'] ?? 0) || 0;
  const search = new URLSearchParams({ offset: String(offset) });
  for (const name of ['group', 'category', 'left'] as const) if (asked[name] !== undefined) search.set(name, asked[name]);
  const path = `/sites/${site.id}/take-over`;
  const told = useLoad<Told>(`${path}?${search.toString()}`);
  const [saying, setSaying] = useState<readonly TakeOverItem[] | null>(null);
  const [begins, setBegins] = useState(false);
  const [ends, setEnds] = useState(false);
  const take = told.value?.take_over ?? null;
  const runs = take !== null && take.ended_ms === null && may('change.assets');
  const begin = may('change.assets') && (
    <Button kind={take ? 'plain' : 'ink'} icon="plus" onPress={() => setBegins(true)}>
      {tc('takeover.begin')}
    </Button>
  );
  return (
    <Page
      title={tc('takeover.title')}
      sub={take ? headWords(take, site.time_zone) : undefined}
      side={<SiteSwitch />}
      acts={take && <span class="opt"><Button icon="print" onPress={() => print()}>{tc('act.print')}</Button></span>}
    >
      <Tabs siteId={site.id} here="takeover" />
      {!told.value ? (
        told.problem ? <Failure problem={told.problem} onAgain={told.reload} /> : <Waiting />
      ) : take === null ? (
        <>
          <NoThings icon="check" title={tc('takeover.none')} why={tc('takeover.none.why')} />
          {begin && <div class="acts">{begin}</div>}
        </>
      ) : (
        <>
          <p class="verdict" data-tone={take.sums.there === take.sums.total ? 'good' : 'unsure'}>
            {tc('takeover.verdict', { share: shareOf(take.sums), checked: take.sums.checked, total: take.sums.total, defect: take.sums.defect, missing: take.sums.missing })}
          </p>
          <Groups groups={take.groups} left={asked['left'] === 'true'} />
          {told.value.items.length === 0 ? (
            <NoThings icon="check" title={tc('takeover.nothing')} why={tc('takeover.nothing.why')} />
          ) : (
            <Items key={take.sums.checked + search.toString()} site={site} items={told.value.items} onSay={runs ? setSaying : null} />
          )}
          {told.value.total > PAGE && (
            <div class="acts noprint">
              {offset > 0 && <Button onPress={() => setQuery({ offset: offset > PAGE ? String(offset - PAGE) : null })}>{tc('pager.before')}</Button>}
              {offset + PAGE < told.value.total && <Button onPress={() => setQuery({ offset: String(offset + PAGE) })}>{tc('pager.after')}</Button>}
            </div>
          )}
          {may('change.assets') && (
            <div class="acts below noprint">
              {runs ? <Button onPress={() => setEnds(true)}>{tc('takeover.end')}</Button> : begin}
            </div>
          )}
          <p class="meta onlyprint">{tc('takeover.sign')}</p>
        </>
      )}
      {begins && <Begin path={path} onClose={() => setBegins(false)} onDone={() => { setBegins(false); told.reload(); }} />}
      {saying && <Saying path={`${path}/checks`} items={saying} onClose={() => setSaying(null)} onDone={() => { setSaying(null); told.reload(); }} />}
      {ends && take && <End path={`${path}/end`} sums={take.sums} onClose={() => setEnds(false)} onDone={() => { setEnds(false); told.reload(); }} />}
    </Page>
  );
}

function headWords(take: TakeOver, zone: string): string {
  const begun = tc('takeover.from', { whom: take.from_whom, day: dayOf(take.begun_ms, zone) });
  return take.ended_ms === null ? begun : `${begun} · ${tc('takeover.ended', { day: dayOf(take.ended_ms, zone), by: take.ended_by ?? '—' })}`;
}

function shareOf({ checked, total }: TakeOverCounts): string {
  return percent(total === 0 ? null : checked / total);
}

function groupWord({ group, category }: Pick<TakeOverGroup, 'group' | 'category'>): string {
  return group === 'assets' ? category || tc('assets.no_category') : tc(`takeover.group.${group}`);
}

/** What there is to look at, and how far it is: a press shows one group alone. */
function Groups({ groups, left }: { groups: readonly TakeOverGroup[]; left: boolean }) {
  const { group, category } = place.value.query;
  return (
    <div class="filters noprint" role="group" aria-label={tc('takeover.groups')}>
      <button type="button" class="fil" aria-pressed={group === undefined && !left} onClick={() => setQuery({ group: null, category: null, left: null, offset: null })}>
        {tc('duties.within.all')}
      </button>
      <button type="button" class="fil" aria-pressed={left} onClick={() => setQuery({ left: left ? null : 'true', offset: null })}>
        {tc('takeover.left')}
      </button>
      {groups.map((one) => (
        <button
          key={`${one.group} ${one.category}`}
          type="button"
          class="fil"
          aria-pressed={group === one.group && (one.group !== 'assets' || category === one.category)}
          onClick={() => setQuery({ group: one.group, category: one.group === 'assets' ? one.category : null, offset: null })}
        >
          {groupWord(one)}
          <b class="num">{` ${one.checked} / ${one.total}`}</b>
        </button>
      ))}
    </div>
  );
}

function nameOf({ asset, item }: TakeOverItem): string {
  return asset ? `${asset.number} ${say(asset.name)}` : tc(`takeover.item.${item!}`);
}

function keyOf({ asset, item }: TakeOverItem): string {
  return asset ? asset.id : item!;
}

function Items({ site, items, onSay }: { site: SiteRef; items: readonly TakeOverItem[]; onSay: ((items: readonly TakeOverItem[]) => void) | null }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const known = items.filter((one) => chosen.includes(keyOf(one)));
  return (
    <>
      {onSay && (
        <div class="filters noprint" role="group" aria-label={tc('takeover.tick')}>
          {known.length > 0 && (
            <Button kind="ink" icon="check" onPress={() => onSay(known)}>
              {tc('takeover.tick.some', { n: known.length })}
            </Button>
          )}
          <Button kind="quiet" onPress={() => setChosen(known.length === items.length ? [] : items.map(keyOf))}>
            {tc(known.length === items.length ? 'tag.choose.none' : 'tag.choose.all')}
          </Button>
          {known.length === 0 && <span class="meta">{tc('takeover.tick.how')}</span>}
        </div>
      )}
      <div class="tablewrap">
        <table class="stack">
          <caption class="vh">{tc('takeover.title')}</caption>
          <thead>
            <tr>
              {onSay && <th scope="col" class="noprint">{tc('tag.choose')}</th>}
              <th scope="col">{tc('takeover.group')}</th>
              <th scope="col">{tc('takeover.what')}</th>
              <th scope="col">{tc('takeover.found')}</th>
              <th scope="col">{tc('takeover.note')}</th>
              <th scope="col">{tc('takeover.by')}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((one) => (
              <tr key={keyOf(one)}>
                {onSay && (
                  <td class="noprint">
                    <input
                      type="checkbox"
                      class="box"
                      aria-label={tc('tag.choose.one', { name: nameOf(one) })}
                      checked={chosen.includes(keyOf(one))}
                      onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, keyOf(one)] : chosen.filter((key) => key !== keyOf(one)))}
                    />
                  </td>
                )}
                <td>{groupWord(one)}</td>
                <td class="w">
                  {one.asset ? <a href={to(site.id, 'assets', one.asset.id)} lang={langOf(one.asset.name)}>{nameOf(one)}</a> : <b>{nameOf(one)}</b>}
                </td>
                <td>{one.found ? <StateWord look={FOUND_LOOKS[one.found]}>{tc(`takeover.found.${one.found}`)}</StateWord> : <span class="meta">{tc('takeover.found.open')}</span>}</td>
                <td>{one.note}</td>
                <td class="nb">{one.checked_ms === null ? '' : [one.checked_by, moment(one.checked_ms, site.time_zone, Date.now())].filter(Boolean).join(' · ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

type ActProps = { path: string; onClose: () => void; onDone: () => void };

function Begin({ path, onClose, onDone }: ActProps) {
  const draft = useForm({ from_whom: '' });
  const keep = (): void =>
    void draft.submit(async (typed) => {
      await send('POST', path, typed);
      onDone();
    });
  return (
    <FormDialog title={tc('takeover.begin')} go={tc('takeover.begin')} busy={draft.busy} onStay={onClose} onGo={keep}>
      <p>{tc('takeover.none.why')}</p>
      <TextField label={tc('takeover.whom')} hint={tc('takeover.whom.hint')} required most={120} value={draft.value.from_whom} error={draft.errorAt('from_whom')} onText={(from_whom) => draft.set({ from_whom })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

function Saying({ path, items, onClose, onDone }: ActProps & { items: readonly TakeOverItem[] }) {
  const draft = useForm<{ found: Found; note: string }>({ found: 'there', note: '' });
  const { value, set } = draft;
  const keep = (): void =>
    void draft.submit(async (typed) => {
      const assets = items.flatMap(({ asset }) => (asset ? [asset.id] : []));
      const fixed = items.flatMap(({ item }) => (item === null ? [] : [item]));
      await send('POST', path, { ...typed, assets, items: fixed });
      onDone();
    });
  return (
    <FormDialog title={tc('takeover.tick.some', { n: items.length })} go={tc('act.save')} busy={draft.busy} onStay={onClose} onGo={keep}>
      <p class="meta">{items.slice(0, 6).map(nameOf).join(tc('list.and'))}{items.length > 6 ? ' …' : ''}</p>
      <SelectField label={tc('takeover.found')} value={value.found} options={FOUND.map((one) => ({ value: one, word: tc(`takeover.found.${one}`) }))} error={draft.errorAt('found')} onChoose={(found) => set({ found: found as Found })} />
      <TextField label={tc('takeover.note')} hint={tc('takeover.note.hint')} optional={value.found !== 'defect'} required={value.found === 'defect'} most={400} value={value.note} error={draft.errorAt('note')} onText={(note) => set({ note })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

function End({ path, sums, onClose, onDone }: ActProps & { sums: TakeOverCounts }) {
  const draft = useForm({});
  const end = (): void =>
    void draft.submit(async () => {
      await send('POST', path, {});
      onDone();
    });
  return (
    <Dialog title={tc('takeover.end.ask')} stay={tc('act.stay')} onStay={onClose} go={tc('takeover.end')} onGo={end}>
      <p>{tc('takeover.end.why', { open: sums.total - sums.checked, total: sums.total })}</p>
      <Refusal problem={draft.problem} />
    </Dialog>
  );
}
