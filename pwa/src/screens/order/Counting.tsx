import { useState } from 'preact/hooks';
import { countPart } from '../../actions/movePart';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { isCounted, quantityText, thousandths } from '../../protocol/stock';
import { feedback } from '../../shell/feedback';
import { now } from '../../state/app';
import { sound } from '../../state/prefs';
import { moves, parts, type PartView } from '../../state/stock';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Pad } from '../../ui/Pad';
import { Note } from '../../ui/Saved';
import { Dock, Screen } from '../../ui/Screen';
import { TroubleNote, useKeeping } from '../keeping';
import { href } from '../route';
import { clock } from '../words';
import { PartPicker } from './Parts';

const DAY_MS = 86_400_000;

/** Count what lies on the shelf. Nobody is told here what ought to: a count that follows the book finds nothing. */
export function Counting() {
  const [chosen, setChosen] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const part = parts.value.find((one) => one.id === chosen);
  const counts = moves.value.filter((move) => move.why === 'counted' && now.value - move.at < DAY_MS);
  if (part) {
    return (
      <Entering
        part={part}
        onBack={() => setChosen(null)}
        onDone={(words) => {
          setSaid(words);
          setChosen(null);
        }}
      />
    );
  }
  const lastOf = (id: string) => counts.findLast((move) => move.part === id);
  return (
    <PartPicker
      title={t('stock.count.title')}
      sub={t('stock.count.so', { n: new Set(counts.map((move) => move.part)).size })}
      back={href({ name: 'menu' })}
      said={said}
      quiet
      onChoose={(id) => {
        setSaid(null);
        setChosen(id);
      }}
      fact={(one) => {
        const last = lastOf(one.id);
        return last ? t('stock.count.was', { n: quantityText(last.milli), unit: one.body.unit, time: clock(last.at) }) : t('stock.count.not_yet');
      }}
    />
  );
}

function Entering({ part, onBack, onDone }: { part: PartView; onBack: () => void; onDone: (words: string) => void }) {
  const [typed, setTyped] = useState('');
  const keeping = useKeeping();
  const { body } = part;
  const whole = isCounted(typed);
  const put = (next: string): void => {
    // a point may stand at the end while more is typed
    if (next === '' || isCounted(next) || isCounted(next.replace(/\.$/, ''))) setTyped(next);
  };
  const save = async (): Promise<void> => {
    await countPart(part.id, thousandths(typed));
    feedback('saved', sound.value);
    onDone(t('stock.said.counted', { n: typed, unit: body.unit, name: say(body.name) }));
  };
  return (
    <Screen
      small
      title={<span lang={langOf(body.name)}>{`${body.number} ${say(body.name)}`}</span>}
      sub={t('stock.count.title')}
      onBack={onBack}
      dock={
        <Dock plain>
          <TroubleNote>{keeping.trouble}</TroubleNote>
          <Pad
            onDigit={(digit) => put(typed === '0' ? digit : typed + digit)}
            onErase={() => setTyped(typed.slice(0, -1))}
            corner={{ label: '.', name: t('form.point'), press: () => put(typed === '' ? '0.' : `${typed}.`) }}
            onEnter={() => whole && keeping.keep(save)}
          />
          {whole ? (
            <Button kind="main" icon="check" busy={keeping.busy} onPress={() => keeping.keep(save)}>
              {t('stock.count.save', { n: typed, unit: body.unit })}
            </Button>
          ) : (
            <Button kind="todo" icon="gauge" onPress={() => setTyped('')}>
              {t('stock.count.how')}
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
      <p class="steps__value num" role="status">
        {typed === '' ? '—' : typed} {body.unit}
      </p>
      <Note tone="calm" icon="box">
        {t('stock.count.told')}
      </Note>
    </Screen>
  );
}
