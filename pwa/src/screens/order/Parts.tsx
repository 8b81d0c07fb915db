import { useId, useState } from 'preact/hooks';
import { movePart } from '../../actions/movePart';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { quantityText, shownQuantity } from '../../protocol/stock';
import { feedback } from '../../shell/feedback';
import { order } from '../../state/orders';
import { sound } from '../../state/prefs';
import { findParts, moves, partByCode, parts, type OwnMove, type PartView } from '../../state/stock';
import { Button } from '../../ui/Button';
import { Answers } from '../../ui/choices';
import { Empty } from '../../ui/Empty';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Note } from '../../ui/Saved';
import { Dock, Screen, Section } from '../../ui/Screen';
import { TroubleNote, useKeeping } from '../keeping';
import { href, type Route } from '../route';
import { CodeScan } from '../scan/CodeScan';
import { clock } from '../words';
import { orderNumber } from './words';

/** How many are shown: more than these nobody reads on a phone. */
const MOST_SHOWN = 40;
const STEPS = [1, 5, 10] as const;
const SMALL_STEPS = [0.1, 0.5] as const;
const MOST = 99_999_000;
/** Units of which there are halves. */
const DIVIDED = /^(m|m²|m³|cm|kg|g|l|ml|米|平方米|立方米|千克|公斤|克|升|毫升|卷|桶)$/i;

type Why = 'used' | 'returned';

/** Take a part or bring one back, for a work order or for none. It works without a network; the book may go below nothing. */
export function Parts({ to }: { to: Extract<Route, { name: 'parts' }> }) {
  const view = to.order === null ? null : order(to.order).value;
  const back = to.order === null ? href({ name: 'menu' }) : href({ name: 'order', order: to.order });
  const [chosen, setChosen] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const part = parts.value.find((one) => one.id === chosen);
  if (part) {
    return (
      <Taking
        part={part}
        order={to.order}
        asset={view?.target?.kind === 'asset' ? view.target.id : null}
        sub={view ? orderNumber(view) : t('stock.no_order')}
        onBack={() => setChosen(null)}
        onDone={(words) => {
          setSaid(words);
          setChosen(null);
        }}
      />
    );
  }
  return (
    <PartPicker
      title={t('stock.take.title')}
      sub={view ? orderNumber(view) : t('stock.no_order')}
      back={back}
      said={said}
      onChoose={(id) => {
        setSaid(null);
        setChosen(id);
      }}
      fact={(one) => t('stock.is', { n: shownQuantity(one.stock), unit: one.body.unit })}
    >
      <Taken moves={moves.value.filter((move) => move.why !== 'counted' && move.order === to.order).slice(-8).toReversed()} />
    </PartPicker>
  );
}

export type PartPickerProps = {
  title: string;
  sub: string;
  back: string;
  /** What has just been saved. */
  said: string | null;
  onChoose: (id: string) => void;
  /** What a row says of its part; a count says nothing of the stock. */
  fact: (part: PartView) => string;
  quiet?: boolean;
  children?: preact.ComponentChildren;
};

/** Find a part by words or by the code on its shelf. */
export function PartPicker({ title, sub, back, said, onChoose, fact, quiet = false, children }: PartPickerProps) {
  const [question, setQuestion] = useState('');
  const [scanning, setScanning] = useState(false);
  const id = useId();
  const found = findParts(parts.value, question);
  if (scanning) {
    return (
      <CodeScan
        title={t('stock.scan')}
        onClose={() => setScanning(false)}
        onText={async (text) => {
          const part = partByCode(parts.value, text);
          if (!part) return t('stock.scan.unknown');
          setScanning(false);
          onChoose(part.id);
          return null;
        }}
      />
    );
  }
  return (
    <Screen
      title={title}
      sub={<span class="num">{sub}</span>}
      back={back}
      dock={
        <Dock plain>
          <Button kind="main" icon="scan" object={t('stock.scan.object')} onPress={() => setScanning(true)}>
            {t('stock.scan')}
          </Button>
        </Dock>
      }
    >
      {said !== null && (
        <Note tone="calm" icon="rc-phone" live>
          {said}
        </Note>
      )}
      {parts.value.length === 0 ? (
        <Empty icon="box" title={t('stock.none')}>
          {t('stock.none.why')}
        </Empty>
      ) : (
        <>
          <Field questionId={`${id}q`} htmlFor={id} question={t('stock.find')}>
            <input id={id} type="search" class="input" enterkeyhint="search" autocomplete="off" value={question} onInput={(event) => setQuestion(event.currentTarget.value)} />
          </Field>
          <p class="vh" role="status">
            {t('stock.found', { n: found.length })}
          </p>
          <ul class="rows">
            {found.slice(0, MOST_SHOWN).map((part) => (
              <li key={part.id}>
                <button type="button" class="row" onClick={() => onChoose(part.id)}>
                  <span class="row__b">
                    <strong lang={langOf(part.body.name)}>{`${part.body.number} ${say(part.body.name)}`}</strong>
                    <span class="meta">
                      {fact(part)}
                      {!quiet && part.low ? ` · ${t('stock.low')}` : ''}
                      {part.body.places.length > 0 && (
                        <>
                          {' · '}
                          <span class="nb">{part.body.places.join('、')}</span>
                        </>
                      )}
                    </span>
                  </span>
                  <span class="chev">
                    <Icon name="next" />
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {found.length === 0 && <p class="meta">{t('stock.found.none')}</p>}
          {found.length > MOST_SHOWN && <p class="meta">{t('stock.more', { n: MOST_SHOWN })}</p>}
        </>
      )}
      {children}
    </Screen>
  );
}

/** What this phone took, the last first. */
function Taken({ moves: list }: { moves: readonly OwnMove[] }) {
  if (list.length === 0) return null;
  return (
    <>
      <Section title={t('stock.taken')} />
      <ul class="rows">
        {list.map((move) => {
          const part = parts.value.find((one) => one.id === move.part);
          return (
            <li key={move.hash} class="row">
              <span class="row__time num">{clock(move.at)}</span>
              <span class="row__b">
                <strong lang={part ? langOf(part.body.name) : undefined}>{part ? say(part.body.name) : t('stock.gone')}</strong>
                <span class="meta">{move.unsent ? t('rec.saved') : t('rec.received')}</span>
              </span>
              <strong class="num">{`${move.milli > 0 ? '+' : '−'}${quantityText(Math.abs(move.milli))} ${part?.body.unit ?? ''}`}</strong>
            </li>
          );
        })}
      </ul>
    </>
  );
}

type TakingProps = {
  part: PartView;
  order: string | null;
  asset: string | null;
  sub: string;
  onBack: () => void;
  onDone: (words: string) => void;
};

/** How much of one part, by big steps, with what will be left said openly. */
function Taking({ part, order: orderId, asset, sub, onBack, onDone }: TakingProps) {
  const [milli, setMilli] = useState(1000);
  const [why, setWhy] = useState<Why>('used');
  const keeping = useKeeping();
  const ids = { why: useId(), much: useId() };
  const { body } = part;
  const left = part.stock + (why === 'used' ? -milli : milli);
  const values = { n: quantityText(milli), unit: body.unit };
  const add = (by: number): void => setMilli(Math.min(MOST, Math.max(0, milli + Math.round(by * 1000))));

  const save = async (): Promise<void> => {
    await movePart({ part: part.id, milli, why, order: orderId, asset });
    feedback('saved', sound.value);
    onDone(t(why === 'used' ? 'stock.said.used' : 'stock.said.returned', { ...values, name: say(body.name) }));
  };

  return (
    <Screen
      small
      title={<span lang={langOf(body.name)}>{`${body.number} ${say(body.name)}`}</span>}
      sub={<span class="num">{sub}</span>}
      onBack={onBack}
      dock={
        <Dock plain>
          <TroubleNote>{keeping.trouble}</TroubleNote>
          {milli === 0 ? (
            <Button kind="todo" icon="plus" onPress={() => add(1)}>
              {t('stock.how_much')}
            </Button>
          ) : (
            <Button kind="main" icon="check" busy={keeping.busy} object={<span lang={langOf(body.name)}>{say(body.name)}</span>} onPress={() => keeping.keep(save)}>
              {t(why === 'used' ? 'stock.take' : 'stock.bring', values)}
            </Button>
          )}
        </Dock>
      }
    >
      {body.places.length > 0 && (
        <div class="where">
          <Icon name="pin" />
          <span class="row__b">
            <strong>{body.places.join('、')}</strong>
          </span>
        </div>
      )}
      <Field questionId={ids.why} question={t('stock.which')}>
        <Answers<Why>
          labelledBy={ids.why}
          chosen={why}
          onChoose={setWhy}
          choices={[
            { value: 'used', word: t('stock.used') },
            { value: 'returned', word: t('stock.returned') },
          ]}
        />
      </Field>
      <Field questionId={ids.much} question={t('stock.how_much')}>
        <output class="steps__value num" aria-live="polite">
          {t('stock.n', values)}
        </output>
        <div class="steprow" role="group" aria-labelledby={ids.much}>
          <button type="button" class="btn" aria-label={t('stock.less', { n: 1 })} onClick={() => add(-1)}>
            −1
          </button>
          {STEPS.map((n) => (
            <button key={n} type="button" class="btn" aria-label={t('stock.add', { n })} onClick={() => add(n)}>
              +{n}
            </button>
          ))}
        </div>
        {DIVIDED.test(body.unit) && (
          <div class="steprow" role="group" aria-labelledby={ids.much}>
            <button type="button" class="btn" aria-label={t('stock.less', { n: 0.1 })} onClick={() => add(-0.1)}>
              −0.1
            </button>
            {SMALL_STEPS.map((n) => (
              <button key={n} type="button" class="btn" aria-label={t('stock.add', { n })} onClick={() => add(n)}>
                +{n}
              </button>
            ))}
          </div>
        )}
      </Field>
      <Note tone={left < 0 ? 'warn' : 'calm'} icon={left < 0 ? 'rc-marked' : 'box'} live>
        {t(left < 0 ? 'stock.left.below' : 'stock.left', { is: shownQuantity(part.stock), left: shownQuantity(left), unit: body.unit })}
      </Note>
    </Screen>
  );
}
