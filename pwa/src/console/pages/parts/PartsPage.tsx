import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { language } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { getFile } from '../../api';
import { may } from '../../model/may';
import { asProblem } from '../../model/load';
import { Refusal } from '../../parts/Answers';
import { save } from '../../parts/save';
import { ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import type { Problem } from '../../api';
import { place, setQuery, to } from '../../route';
import type { PageProps, SiteRef } from '../../types';
import { CostsPage } from './CostsPage';
import { PartEditor } from './PartEditor';
import { PartPage } from './PartPage';
import { TakePage, TakesPage } from './TakesPage';
import { Stock } from './Stock';
import { isBelow, type Part } from './types';

/** The store: parts, what there is of each, what is to be ordered, stock-takes, what was used up. */
export function PartsPage({ site, id }: PageProps) {
  if (id === null) return <List site={site} />;
  if (id === 'takes') return <TakesPage site={site} />;
  if (id === 'costs') return <CostsPage site={site} />;
  if (id.startsWith('take.')) return <TakePage site={site} id={id.slice('take.'.length)} />;
  if (id === 'new' || place.value.query['edit'] !== undefined) return <PartEditor siteId={site.id} id={id} />;
  return <PartPage site={site} id={id} />;
}

/** The other pages of the store. */
export function StoreLinks({ siteId }: { siteId: string }) {
  return (
    <>
      <Button icon="check" href={to(siteId, 'parts', 'takes')}>{tc('parts.takes')}</Button>
      <Button icon="score" href={to(siteId, 'parts', 'costs')}>{tc('parts.costs')}</Button>
    </>
  );
}

function List({ site }: { site: SiteRef }) {
  const parts = useThings<Part>(site.id, 'parts');
  const { show = '', q = '' } = place.value.query;
  return (
    <ListPage title={tc('nav.parts')} needs="change.stock" newHref={newOf(site.id, 'parts')} newWord={tc('parts.new')} loads={[parts]} side={<StoreLinks siteId={site.id} />}>
      {() =>
        parts.value!.length === 0 ? (
          <NoThings icon="box" title={tc('parts.empty')} why={tc('parts.empty.why')} href={newOf(site.id, 'parts')} act={tc('parts.new')} needs="change.stock" />
        ) : (
          <Shown site={site} all={parts.value!} show={show} question={q} />
        )
      }
    </ListPage>
  );
}

function Shown({ site, all, show, question }: { site: SiteRef; all: readonly Part[]; show: string; question: string }) {
  const short = all.filter((one) => one.order !== '0');
  const below = all.filter((one) => isBelow(one.stock));
  const words = question.normalize('NFKC').toLowerCase().split(' ').filter(Boolean);
  const rows = all.filter((one) => {
    const text = [one.number, one.name.zh, one.name.en, one.category, one.code ?? '', ...one.places].join(' ').toLowerCase();
    const wanted = show === 'order' ? one.order !== '0' : show === 'below' ? isBelow(one.stock) : show === 'retired' ? one.retired : !one.retired;
    return wanted && words.every((word) => text.includes(word));
  });
  const filter = (name: string, word: string, n: number) => (
    <button type="button" class="fil" aria-pressed={show === name} onClick={() => setQuery({ show: show === name || name === '' ? null : name })}>
      {word} <span class="num">{n}</span>
    </button>
  );
  return (
    <>
      <div class="filters" role="group" aria-label={tc('parts.show')}>
        {filter('', tc('parts.show.all'), all.filter((one) => !one.retired).length)}
        {filter('order', tc('parts.show.order'), short.length)}
        {below.length > 0 && filter('below', tc('parts.show.below'), below.length)}
        {all.some((one) => one.retired) && filter('retired', tc('parts.show.retired'), all.filter((one) => one.retired).length)}
        <label class="fil fil--search">
          <Icon name="search" />
          <span class="vh">{tc('parts.find')}</span>
          <input type="search" placeholder={tc('parts.find')} value={question} onInput={(event) => setQuery({ q: event.currentTarget.value || null })} />
        </label>
        {show === 'order' && short.length > 0 && <OrderList siteId={site.id} />}
      </div>
      {rows.length === 0 ? (
        <p class="note">{show === 'order' ? tc('parts.order.none') : tc('parts.none')}</p>
      ) : (
        <Table
          caption={tc('nav.parts')}
          rows={rows}
          quiet={(one) => one.retired}
          columns={[
            { head: tc('place.number'), tight: true, cell: (one) => <span class="num">{one.number}</span> },
            { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(site.id, 'parts', one.id)} lang={langOf(one.name)}>{say(one.name)}</a> },
            { head: tc('part.category'), cell: (one) => one.category || '—' },
            { head: tc('part.places'), cell: (one) => one.places.join('、') || '—' },
            { head: tc('part.stock'), number: true, named: true, cell: (one) => <Stock part={one} /> },
            { head: tc('part.minimum'), number: true, named: true, cell: (one) => (one.minimum === null ? '—' : `${one.minimum} ${one.unit}`) },
            { head: tc('part.order'), number: true, named: true, cell: (one) => (one.order === '0' ? '—' : <b>{`${one.order} ${one.unit}`}</b>) },
            { head: tc('part.price'), number: true, named: true, cell: (one) => (one.price === null ? '—' : `¥ ${one.price}`) },
          ]}
        />
      )}
    </>
  );
}

/** The list of what is to be ordered, on paper or as a table. */
function OrderList({ siteId }: { siteId: string }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const fetch = async (form: 'pdf' | 'xlsx' | 'csv'): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      save(await getFile(`/sites/${siteId}/parts/reorder/${form}?lang=${language.value}`), `${tc('parts.show.order')}.${form}`);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button icon="print" onPress={() => window.print()}>{tc('act.print')}</Button>
      {may('see.assets') &&
        (['pdf', 'xlsx', 'csv'] as const).map((form) => (
          <Button key={form} icon="export" busy={busy} onPress={() => void fetch(form)}>
            {form.toUpperCase()}
          </Button>
        ))}
      <Refusal problem={problem} />
    </>
  );
}
