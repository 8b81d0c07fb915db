import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Chip, StateWord } from '../../../ui/State';
import { send } from '../../api';
import { stamp } from '../../dates';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { SelectField, TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { Page, Panel } from '../../parts/Page';
import { ListPage, NoThings, Table, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, to } from '../../route';
import type { SiteRef } from '../../types';
import { signed, type Counted, type Part, type Take, type WholeTake } from './types';

/** The stock-takes of a site; one runs at a time. */
export function TakesPage({ site }: { site: SiteRef }) {
  const load = useLoad<{ takes: Take[] }>(`/sites/${site.id}/stock-takes`);
  const parts = useThings<Part>(site.id, 'parts');
  const [begins, setBegins] = useState(false);
  const takes = load.value?.takes ?? [];
  const running = takes.find((take) => take.outcome === null);
  return (
    <ListPage title={tc('parts.takes')} sub={tc('takes.why')} loads={[load, parts]} side={may('change.stock') && !running && <Button kind="ink" icon="plus" onPress={() => setBegins(true)}>{tc('takes.begin')}</Button>}>
      {() => (
        <>
          {takes.length === 0 ? (
            <NoThings icon="check" title={tc('takes.empty')} why={tc('takes.why')} />
          ) : (
            <Table
              caption={tc('parts.takes')}
              rows={takes}
              columns={[
                { head: tc('takes.begun'), wide: true, cell: (one) => <a class="num" href={to(site.id, 'parts', `take.${one.id}`)}>{stamp(one.begun_ms, site.time_zone)}</a> },
                { head: tc('takes.what'), cell: (one) => one.category || tc('takes.all') },
                { head: tc('takes.by'), cell: (one) => one.begun_by ?? '—' },
                { head: tc('log.state'), cell: (one) => <Outcome take={one} /> },
                { head: tc('takes.settled'), cell: (one) => (one.settled_ms === null ? '—' : <span class="num">{stamp(one.settled_ms, site.time_zone)} {one.settled_by ?? ''}</span>) },
              ]}
            />
          )}
          {begins && <Begin site={site} parts={parts.value ?? []} onClose={() => setBegins(false)} />}
        </>
      )}
    </ListPage>
  );
}

function Outcome({ take }: { take: Take }) {
  if (take.outcome === null) return <Chip tone="live" icon="st-progress">{tc('takes.runs')}</Chip>;
  return take.outcome === 'confirmed' ? <Chip tone="good" icon="st-done">{tc('takes.confirmed')}</Chip> : <Chip tone="calm" icon="st-excused">{tc('takes.dropped')}</Chip>;
}

function Begin({ site, parts, onClose }: { site: SiteRef; parts: readonly Part[]; onClose: () => void }) {
  const draft = useForm({ category: '' });
  const categories = [...new Set(parts.filter((one) => !one.retired).map((one) => one.category))].filter(Boolean).sort();
  return (
    <FormDialog
      title={tc('takes.begin')}
      go={tc('takes.begin')}
      busy={draft.busy}
      onStay={onClose}
      onGo={() =>
        void draft.submit(async (next) => {
          const take = await send<Take>('POST', `/sites/${site.id}/stock-takes`, next);
          go(to(site.id, 'parts', `take.${take.id}`));
        })
      }
    >
      <p>{tc('takes.begin.why')}</p>
      <SelectField label={tc('takes.what')} value={draft.value.category} options={[{ value: '', word: tc('takes.all') }, ...categories.map((one) => ({ value: one, word: one }))]} onChoose={(category) => draft.set({ category })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

/** One stock-take: what was counted beside what ought to be there, and the confirmation by somebody else. */
export function TakePage({ site, id }: { site: SiteRef; id: string }) {
  const path = `/sites/${site.id}/stock-takes/${id}`;
  const load = useLoad<WholeTake>(path);
  const [counting, setCounting] = useState<Counted | null>(null);
  const settle = useForm({ confirm: true });
  const crumbs = [{ href: to(site.id, 'parts', 'takes'), word: tc('parts.takes') }];
  if (load.value === null) {
    return (
      <Page title={tc('parts.takes')} crumbs={crumbs}>
        {load.problem ? <Failure problem={load.problem} onAgain={load.reload} /> : <Waiting />}
      </Page>
    );
  }
  const take = load.value;
  const counted = take.parts.filter((one) => one.counted !== null);
  const differing = counted.filter((one) => one.difference !== '0');
  const open = take.outcome === null && may('change.stock');
  const end = (confirm: boolean) =>
    void settle.submit(async () => {
      load.put(await send<WholeTake>('POST', `${path}/settle`, { confirm }));
      tell(tc('act.saved'));
    });
  return (
    <Page title={tc('takes.title', { day: stamp(take.begun_ms, site.time_zone) })} crumbs={[...crumbs, { word: take.category || tc('takes.all') }]} chips={<Outcome take={take} />}>
      {open && (
        <Panel title={tc('takes.settle')} fact={tc('takes.so', { a: counted.length, b: take.parts.length })}>
          <p>{take.may_confirm ? tc('takes.settle.why') : counted.length === 0 ? tc('takes.settle.none') : tc('problem.same-person')}</p>
          <Refusal problem={settle.problem} />
          <div class="acts">
            {take.may_confirm && <Button kind="ink" icon="check" busy={settle.busy} onPress={() => end(true)}>{tc('takes.confirm', { n: differing.length })}</Button>}
            <Button kind="bad" busy={settle.busy} onPress={() => end(false)}>{tc('takes.drop')}</Button>
          </div>
        </Panel>
      )}
      <Table
        caption={tc('parts.takes')}
        rows={take.parts.map((one) => ({ ...one, id: one.part }))}
        columns={[
          { head: tc('place.number'), tight: true, cell: (one) => <span class="num">{one.number}</span> },
          { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(site.id, 'parts', one.part)} lang={langOf(one.name)}>{say(one.name)}</a> },
          { head: tc('part.places'), cell: (one) => one.places.join('、') || '—' },
          { head: tc('takes.counted'), number: true, named: true, cell: (one) => (one.counted === null ? <span class="meta">{tc('takes.not_yet')}</span> : <b class="num">{`${one.counted} ${one.unit}`}</b>) },
          { head: tc('takes.expected'), number: true, named: true, cell: (one) => <span class="num">{one.expected === null ? '—' : signed(one.expected)}</span> },
          { head: tc('part.difference'), number: true, named: true, cell: (one) => <Difference one={one} /> },
          { head: tc('part.who'), cell: (one) => (one.by === null ? '—' : <>{one.by}<small class="line2 num">{stamp(one.at_ms ?? 0, site.time_zone)}{one.times > 1 ? ` · ${tc('takes.times', { n: one.times })}` : ''}</small></>) },
          ...(open ? [{ head: tc('takes.act'), tight: true, cell: (one: Counted) => <Button kind="quiet" onPress={() => setCounting(one)}>{tc('takes.count')}<span class="vh"> {say(one.name)}</span></Button> }] : []),
        ]}
      />
      {counting && (
        <Count
          path={path}
          one={counting}
          onClose={() => setCounting(null)}
          onDone={(next) => {
            setCounting(null);
            load.put(next);
          }}
        />
      )}
    </Page>
  );
}

function Difference({ one }: { one: Counted }) {
  if (one.difference === null) return <>—</>;
  if (one.difference === '0') return <StateWord look={{ tone: 'good', icon: 'check', word: 'rec.marked' }}>{tc('takes.right')}</StateWord>;
  return <StateWord look={{ tone: 'warn', icon: 'rc-marked', word: 'rec.marked' }}>{signed(one.difference, true)}</StateWord>;
}

/** What was counted; what ought to be there is not said. */
function Count({ path, one, onDone, onClose }: { path: string; one: Counted; onDone: (take: WholeTake) => void; onClose: () => void }) {
  const draft = useForm({ counted: '' });
  return (
    <FormDialog
      title={`${one.number} ${say(one.name)}`}
      go={tc('act.save')}
      busy={draft.busy}
      onStay={onClose}
      onGo={() => void draft.submit(async ({ counted }) => onDone(await send<WholeTake>('POST', `${path}/counts`, { part: one.part, counted: counted.trim() })))}
    >
      <TextField label={`${tc('takes.counted')} · ${one.unit}`} hint={tc('takes.count.hint')} mode="decimal" narrow focus required value={draft.value.counted} error={draft.errorAt('counted')} onText={(counted) => draft.set({ counted })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
