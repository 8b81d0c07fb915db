import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Chip, StateWord } from '../../../ui/State';
import { get, send, type Problem } from '../../api';
import { stamp } from '../../dates';
import { asProblem, useLoad } from '../../model/load';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { session } from '../../model/session';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { AreaField, SelectField, TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { Page, Panel } from '../../parts/Page';
import { useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { Asset, SiteRef } from '../../types';
import { Stock } from './Stock';
import { signed, type Move, type Moves, type Part } from './types';

/** One part: what there is, what it is to be, and every move of it with what there was after. */
export function PartPage({ site, id }: { site: SiteRef; id: string }) {
  const part = useLoad<Part>(`/sites/${site.id}/parts/${id}`);
  const back = { href: to(site.id, 'parts'), word: tc('nav.parts') };
  const [enters, setEnters] = useState(false);
  const [turn, setTurn] = useState(0);
  if (part.value === null) {
    return (
      <Page title={back.word} crumbs={[back]}>
        {part.problem ? <Failure problem={part.problem} onAgain={part.reload} /> : <Waiting />}
      </Page>
    );
  }
  const one = part.value;
  return (
    <Page
      title={say(one.name)}
      crumbs={[back, { word: say(one.name) }]}
      chips={one.retired && <Chip tone="calm" icon="st-excused">{tc('part.retired')}</Chip>}
      sub={<span class="num">{one.number}</span>}
      acts={
        may('change.stock') && (
          <>
            <Button href={to(site.id, 'parts', id, { edit: 'yes' })}>{tc('asset.edit')}</Button>
            <Button kind="ink" icon="plus" onPress={() => setEnters(true)}>{tc('part.move')}</Button>
          </>
        )
      }
    >
      <div class="cols">
        <div class="stackcol">
          <History key={turn} site={site} part={one} />
        </div>
        <aside class="stackcol">
          <Panel title={tc('part.card')}>
            <dl class="dl">
              <dt>{tc('part.stock')}</dt>
              <dd><Stock part={one} /></dd>
              <dt>{tc('part.minimum')}</dt>
              <dd class="num">{one.minimum === null ? '—' : `${one.minimum} ${one.unit}`}</dd>
              <dt>{tc('part.order')}</dt>
              <dd class="num">{one.order === '0' ? '—' : `${one.order} ${one.unit}`}</dd>
              <dt>{tc('part.reorder')}</dt>
              <dd class="num">{one.reorder === null ? '—' : `${one.reorder} ${one.unit}`}</dd>
              <dt>{tc('part.price')}</dt>
              <dd class="num">{one.price === null ? '—' : `¥ ${one.price}`}</dd>
              <dt>{tc('part.category')}</dt>
              <dd>{one.category || '—'}</dd>
              <dt>{tc('part.places')}</dt>
              <dd>{one.places.join('、') || '—'}</dd>
              <dt>{tc('part.code')}</dt>
              <dd class="code">{one.code ?? '—'}</dd>
            </dl>
          </Panel>
        </aside>
      </div>
      {enters && (
        <EnterMove
          site={site}
          part={one}
          onClose={() => setEnters(false)}
          onDone={(next) => {
            setEnters(false);
            part.put(next);
            setTurn((n) => n + 1);
            tell(tc('act.saved'));
          }}
        />
      )}
    </Page>
  );
}

function History({ site, part }: { site: SiteRef; part: Part }) {
  const path = `/sites/${site.id}/parts/${part.id}/moves`;
  const first = useLoad<Moves>(path);
  const [more, setMore] = useState<Moves | null>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const moves = [...(first.value?.moves ?? []), ...(more?.moves ?? [])];
  const next = more ? more.next : (first.value?.next ?? null);
  const load = async (): Promise<void> => {
    if (next === null) return;
    setBusy(true);
    setProblem(null);
    try {
      const page = await get<Moves>(`${path}?before=${encodeURIComponent(next)}`);
      setMore({ moves: [...(more?.moves ?? []), ...page.moves], next: page.next });
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={tc('part.history')} flush>
      {first.value === null ? (
        <div class="panel__b">{first.problem ? <Failure problem={first.problem} onAgain={first.reload} /> : <Waiting />}</div>
      ) : moves.length === 0 ? (
        <p class="panel__b meta">{tc('part.history.none')}</p>
      ) : (
        <div class="tablewrap">
          <table class="stack">
            <caption class="vh">{tc('part.history')}</caption>
            <thead>
              <tr>
                <th scope="col">{tc('part.when')}</th>
                <th scope="col">{tc('part.why')}</th>
                <th scope="col" class="r">{tc('part.quantity')}</th>
                <th scope="col" class="r">{tc('part.after')}</th>
                <th scope="col">{tc('part.who')}</th>
                <th scope="col">{tc('part.note')}</th>
              </tr>
            </thead>
            <tbody>{moves.map((move) => <Line key={move.key} site={site} part={part} move={move} />)}</tbody>
          </table>
        </div>
      )}
      <Refusal problem={problem} />
      {next !== null && (
        <div class="panel__b">
          <Button busy={busy} onPress={() => void load()}>{tc('part.more')}</Button>
        </div>
      )}
    </Panel>
  );
}

function Line({ site, part, move }: { site: SiteRef; part: Part; move: Move }) {
  const counted = move.why === 'counted';
  return (
    <tr>
      <td class="nb num">{stamp(move.at_ms, site.time_zone)}</td>
      <td>
        {tc(`part.why.${move.why}`)}
        {move.late && <small class="line2">{tc('part.came_late')}</small>}
      </td>
      <td class="r num" data-label={tc('part.quantity')}>{counted ? `= ${move.quantity}` : signed(move.quantity, true)}</td>
      <td class="r num" data-label={tc('part.after')}>
        {counted && move.difference !== '0' ? (
          <StateWord look={{ tone: 'warn', icon: 'rc-marked', word: 'rec.marked' }}>{`${signed(move.stock)} ${part.unit} · ${tc('part.difference')} ${signed(move.difference ?? '0', true)}`}</StateWord>
        ) : (
          `${signed(move.stock)} ${part.unit}`
        )}
      </td>
      <td>
        {move.person ?? '—'}
        <small class="line2">{counted && move.by ? tc('part.confirmed', { name: move.by }) : tc(`part.source.${move.source}`)}</small>
      </td>
      <td>
        {move.note || (move.order || move.asset ? '' : '—')}
        {move.asset && <a href={to(site.id, 'assets', move.asset)}>{tc('part.asset')}</a>}
      </td>
    </tr>
  );
}

type Entered = { why: 'received' | 'used' | 'returned' | 'written_off' | 'moved'; quantity: string; note: string; asset: string; to: string };
const WHYS = ['received', 'used', 'returned', 'written_off', 'moved'] as const;

/** A move of the office: how much, and why; the reason says which way. */
function EnterMove({ site, part, onDone, onClose }: { site: SiteRef; part: Part; onDone: (part: Part) => void; onClose: () => void }) {
  const draft = useForm<Entered>({ why: 'received', quantity: '', note: '', asset: '', to: '' });
  const { value, set, errorAt } = draft;
  const assets = useThings<Asset>(value.why === 'used' || value.why === 'returned' ? site.id : null, 'assets').value ?? [];
  const others = session.value.sites.filter((one) => one.id !== site.id && one.may.includes('change.stock'));
  const whys = others.length > 0 ? WHYS : WHYS.filter((why) => why !== 'moved');
  return (
    <FormDialog
      title={`${tc('part.move')} · ${say(part.name)}`}
      go={tc('act.save')}
      busy={draft.busy}
      onStay={onClose}
      onGo={() =>
        void draft.submit(async ({ why, quantity, note, asset, to: other }) =>
          onDone(
            await send<Part>('POST', `/sites/${site.id}/parts/${part.id}/moves`, {
              why,
              quantity: quantity.trim(),
              note,
              ...(asset && (why === 'used' || why === 'returned') ? { asset } : {}),
              ...(why === 'moved' ? { to: other || null } : {}),
            }),
          ),
        )
      }
    >
      <p class="meta" lang={langOf(part.name)}>{`${tc('part.stock')} ${signed(part.stock)} ${part.unit}`}</p>
      <SelectField label={tc('part.why')} value={value.why} options={whys.map((why) => ({ value: why, word: tc(`part.why.${why}`) }))} error={errorAt('why')} onChoose={(why) => set({ why: why as Entered['why'] })} />
      <TextField label={`${tc('part.quantity')} · ${part.unit}`} hint={tc('part.quantity.hint')} mode="decimal" narrow required focus value={value.quantity} error={errorAt('quantity')} onText={(quantity) => set({ quantity })} />
      {value.why === 'moved' && <SelectField label={tc('part.to')} value={value.to} options={[{ value: '', word: '—' }, ...others.map((one) => ({ value: one.id, word: say(one.name) }))]} error={errorAt('to')} onChoose={(next) => set({ to: next })} />}
      {(value.why === 'used' || value.why === 'returned') && <SelectField label={tc('part.asset')} optional value={value.asset} options={[{ value: '', word: '—' }, ...assets.filter((one) => !one.retired).map((one) => ({ value: one.id, word: `${one.number} ${say(one.name)}` }))]} error={errorAt('asset')} onChoose={(asset) => set({ asset })} />}
      <AreaField label={tc('part.note')} optional rows={2} most={400} value={value.note} error={errorAt('note')} onText={(note) => set({ note })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
