import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { actOnOrder } from '../../actions/orderActs';
import { t, type TextKey } from '../../i18n/t';
import type { OrderResult, PauseReason, ReturnReason } from '../../protocol/orders';
import { feedback } from '../../shell/feedback';
import { now, person, roster, site } from '../../state/app';
import { order, type OrderView } from '../../state/orders';
import { sound } from '../../state/prefs';
import { Answers, Picks, type Choice } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import type { IconName } from '../../ui/icons';
import { Note } from '../../ui/Saved';
import { Screen } from '../../ui/Screen';
import { useDraft, type Draft } from '../draft';
import { KeepDock, useKeeping } from '../keeping';
import { useMarking } from '../marking';
import { href, replace, type Route } from '../route';
import { textOr, zone } from '../words';
import { Labour, type Spent } from './Labour';
import { blobsOf, Evidence } from './Evidence';
import { morningIn } from './until';
import { orderNumber, orderTitle, placeWords } from './words';

/** Everything that any of the acts asks for; each asks for its own part. */
type Told = Spent & {
  reason: ReturnReason | PauseReason | null;
  until: 'tomorrow' | 'days3' | 'week' | 'unknown';
  to: string | null;
  result: OrderResult | null;
  good: 'yes' | 'no' | null;
  note: string;
};
const EMPTY: Told = { reason: null, until: 'tomorrow', to: null, result: null, good: null, note: '', minutes: 0, people: 1 };

type ActName = 'return' | 'pass' | 'pause' | 'note' | 'labour' | 'complete' | 'verify' | 'follow' | 'arrive' | 'leave';
const ACTS: readonly string[] = ['return', 'pass', 'pause', 'note', 'labour', 'complete', 'verify', 'follow', 'arrive', 'leave'];

const RETURNS: readonly (readonly [ReturnReason, IconName])[] = [
  ['not_mine', 'swap'],
  ['no_skill', 'user'],
  ['no_parts', 'box'],
  ['busy', 'clock'],
  ['other', 'more'],
];
const PAUSES: readonly (readonly [PauseReason, IconName])[] = [
  ['parts', 'box'],
  ['access', 'door'],
  ['weather', 'drop'],
  ['approval', 'hand'],
  ['other', 'more'],
];
const RESULTS: readonly (readonly [OrderResult, IconName])[] = [
  ['fixed', 'check'],
  ['temporary', 'clock'],
  ['not_possible', 'stop'],
  ['nothing_found', 'search'],
];

/** An act on an order that asks for something before it is kept. */
export function OrderAct({ to }: { to: Extract<Route, { name: 'act' }> }) {
  const view = order(to.order).value;
  if (!view || !ACTS.includes(to.act)) {
    return (
      <Screen title={t('wo.title')} back={href({ name: 'orders' })}>
        <Empty icon="order" title={t('wo.missing')}>
          {t('wo.missing.why')}
        </Empty>
      </Screen>
    );
  }
  return <Asking key={`${to.order} ${to.act}`} view={view} act={to.act as ActName} />;
}

/** What is missing before an act can be kept, with the part of the screen that it is led to; null when all is there. */
function lackOf(act: ActName, told: Told, photos: number): { anchor: string; word: TextKey } | null {
  const said = told.note.trim() !== '' || photos > 0;
  if ((act === 'return' || act === 'pause') && told.reason === null) return { anchor: 'why', word: 'wo.why.need' };
  if (act === 'pass' && told.to === null) return { anchor: 'why', word: 'wo.to.need' };
  if (act === 'complete' && told.result === null) return { anchor: 'why', word: 'wo.result.need' };
  if (act === 'verify' && told.good === null) return { anchor: 'why', word: 'wo.verify.need' };
  if (act === 'follow' && told.good === null) return { anchor: 'why', word: 'wo.satisfied.need' };
  if (act === 'labour' && told.minutes === 0) return { anchor: 'why', word: 'wo.minutes.need' };
  const wants = act === 'note' || act === 'arrive' || told.reason === 'other' || told.good === 'no' || (act === 'complete' && told.result !== 'fixed');
  return wants && !said ? { anchor: 'photos', word: 'wo.words.need' } : null;
}

function Asking({ view, act }: { view: OrderView; act: ActName }) {
  const draft = useDraft<Told>(`order ${view.id} ${act}`, EMPTY);
  const keeping = useKeeping();
  const marking = useMarking(draft);
  if (draft.values === null) return null;
  if (marking.page) return marking.page;
  const told = draft.values;
  const lack = lackOf(act, told, draft.photos.length);
  const back = href({ name: 'order', order: view.id });

  const save = async (): Promise<void> => {
    await keep(view, act, told, draft);
    await draft.drop();
    feedback('saved', sound.value);
    replace({ name: 'order', order: view.id });
  };

  return (
    <Screen
      small
      title={titleOf(act)}
      sub={`${orderNumber(view)} · ${orderTitle(view)}`}
      back={back}
      dock={<KeepDock keeping={keeping} lack={lack && { anchor: lack.anchor, word: t(lack.word) }} word={saveWord(act)} onKeep={() => keeping.keep(save)} />}
    >
      {(act === 'arrive' || act === 'leave') && (
        <Note tone="calm" icon="st-unproven">
          {t('wo.arrive.nocode.why')}
        </Note>
      )}
      <Question act={act} told={told} change={(next) => draft.change((before) => ({ ...before, ...next }))} />
      {act === 'complete' && (
        <Labour spent={told} before={view.labour} change={(next) => draft.change((before) => ({ ...before, ...next }))} />
      )}
      {act !== 'labour' && <Evidence draft={draft} place={placeWords(view)} onMark={marking.onMark} note={told.note} onNote={(note) => draft.change((before) => ({ ...before, note }))} />}
    </Screen>
  );
}

/** One record; with minutes of work, which are a record of their own, before it is done. */
async function keep(view: OrderView, act: ActName, told: Told, draft: Draft<Told>): Promise<void> {
  const goes = {
    note: told.note.trim() === '' ? null : told.note,
    photos: blobsOf(draft.photos),
  };
  const { id } = view;
  switch (act) {
    case 'return':
      return void (await actOnOrder(id, 'order.return', { reason: told.reason as ReturnReason }, goes));
    case 'pass':
      return void (await actOnOrder(id, 'order.pass', { to: told.to ?? '' }, goes));
    case 'pause':
      return void (await actOnOrder(id, 'order.pause', { reason: told.reason as PauseReason, until_ms: untilOf(told.until) }, goes));
    case 'note':
      return void (await actOnOrder(id, 'order.note', {}, goes));
    case 'arrive':
      return void (await actOnOrder(id, 'order.arrive', { scan: null }, goes));
    case 'leave':
      return void (await actOnOrder(id, 'order.leave', { scan: null }, goes));
    case 'labour':
      return void (await actOnOrder(id, 'order.labour', { minutes: told.minutes, people: told.people }));
    case 'verify':
      return void (await actOnOrder(id, 'order.verify', { ok: told.good === 'yes' }, goes));
    case 'follow':
      return void (await actOnOrder(id, 'order.follow', { satisfied: told.good === 'yes' }, goes));
    case 'complete':
      if (told.minutes > 0) await actOnOrder(id, 'order.labour', { minutes: told.minutes, people: told.people });
      return void (await actOnOrder(id, 'order.complete', { result: told.result ?? 'fixed', answers: view.answers }, { ...goes, deps: view.answers === null ? [] : [view.answers] }));
  }
}

/** The moment until which it rests, ms; null where nobody can say. */
function untilOf(until: Told['until']): number | null {
  if (until === 'unknown') return null;
  const days = { tomorrow: 1, days3: 3, week: 7 }[until];
  return morningIn(days, now.value, site.value?.time_zone ?? zone());
}

type QuestionProps = { act: ActName; told: Told; change: (next: Partial<Told>) => void };

/** What an act asks first; most ask one thing. */
function Question({ act, told, change }: QuestionProps) {
  switch (act) {
    case 'return':
      return (
        <Ask question={t('wo.why')}>
          {(id) => <Picks labelledBy={id} chosen={told.reason} onChoose={(reason) => change({ reason })} choices={RETURNS.map(([value, icon]) => ({ value, icon, word: t(`wo.return.${value}`) }))} />}
        </Ask>
      );
    case 'pause':
      return (
        <>
          <Ask question={t('wo.why')}>
            {(id) => <Picks labelledBy={id} chosen={told.reason} onChoose={(reason) => change({ reason })} choices={PAUSES.map(([value, icon]) => ({ value, icon, word: t(`wo.pause.${value}`) }))} />}
          </Ask>
          <Ask question={t('wo.until')} anchor="until">
            {(id) => (
              <div class="two">
                <Answers
                  labelledBy={id}
                  chosen={told.until}
                  onChoose={(until) => change({ until })}
                  choices={(['tomorrow', 'days3', 'week', 'unknown'] as const).map((value) => ({ value, word: t(`wo.until.${value}`) }))}
                />
              </div>
            )}
          </Ask>
        </>
      );
    case 'pass':
      return <ToWhom chosen={told.to} onChoose={(to) => change({ to })} />;
    case 'complete':
      return (
        <Ask question={t('wo.result')}>
          {(id) => <Picks labelledBy={id} chosen={told.result} onChoose={(result) => change({ result })} choices={RESULTS.map(([value, icon]) => ({ value, icon, word: t(`wo.result.${value}`) }))} />}
        </Ask>
      );
    case 'labour':
      return <Labour spent={told} before={0} change={change} anchor="why" />;
    case 'verify':
      return <YesNo question={t('wo.verify')} words={[t('wo.verify.ok'), t('wo.verify.not')]} chosen={told.good} onChoose={(good) => change({ good })} />;
    case 'follow':
      return <YesNo question={t('wo.satisfied')} words={[t('wo.satisfied.yes'), t('wo.satisfied.no')]} chosen={told.good} onChoose={(good) => change({ good })} />;
    default:
      return null;
  }
}

function Ask({ question, anchor = 'why', children }: { question: string; anchor?: string; children: (id: string) => ComponentChildren }) {
  const id = useId();
  return (
    <Field questionId={id} question={question} anchor={anchor}>
      {children(id)}
    </Field>
  );
}

type YesNoProps = { question: string; words: [string, string]; chosen: 'yes' | 'no' | null; onChoose: (value: 'yes' | 'no') => void };

function YesNo({ question, words, chosen, onChoose }: YesNoProps) {
  const choices: Choice<'yes' | 'no'>[] = [
    { value: 'yes', word: words[0], icon: 'check', tone: 'good' },
    { value: 'no', word: words[1], icon: 'close', tone: 'bad' },
  ];
  return <Ask question={question}>{(id) => <Answers labelledBy={id} chosen={chosen} onChoose={onChoose} choices={choices} />}</Ask>;
}

/** Colleagues to pass an order on to: the own team first. */
function ToWhom({ chosen, onChoose }: { chosen: string | null; onChoose: (id: string) => void }) {
  const me = person.value;
  const others = roster.value.filter((one) => one.id !== me?.id && !one.company);
  const first = others.filter((one) => me?.team !== null && one.team === me?.team);
  const rest = others.filter((one) => !first.includes(one));
  return (
    <Ask question={t('wo.to')}>
      {(id) => <Answers labelledBy={id} chosen={chosen} onChoose={onChoose} choices={[...first, ...rest].map((one) => ({ value: one.id, word: <Named name={one.name} role={one.role} /> }))} />}
    </Ask>
  );
}

function titleOf(act: ActName): string {
  if (act === 'complete') return t('wo.done');
  if (act === 'verify') return t('wo.check');
  return t(`wo.${act}`);
}

function Named({ name, role }: { name: string; role: string }) {
  return (
    <>
      {name}
      <small>{textOr(`role.${role}`, 'role.worker')}</small>
    </>
  );
}

function saveWord(act: ActName): string {
  switch (act) {
    case 'return':
    case 'pass':
    case 'pause':
    case 'complete':
    case 'verify':
    case 'arrive':
    case 'leave':
      return t(`wo.save.${act}`);
    default:
      return t('wo.save');
  }
}

