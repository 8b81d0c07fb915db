import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { personOfBadge } from '../../actions/badge';
import { proveSecond } from '../../actions/signIn';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { person as signedIn, roster } from '../../state/app';
import { round } from '../../state/today';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Pad, PinDots } from '../../ui/Pad';
import { People } from '../../ui/People';
import { Dock, Screen } from '../../ui/Screen';
import { href, type Route } from '../route';
import { CodeScan } from '../scan/CodeScan';
import { Scan } from '../scan/Scan';
import { usePin } from '../who/usePin';

/** Who signed second last: at the next stop only the PIN is asked. */
const last = signal<string | null>(null);

/** The other one of a crew gives the PIN and reads the code of the stop; whose shift it is stays as it is. */
export function Second({ to }: { to: Extract<Route, { name: 'second' }> }) {
  const [chosen, setChosen] = useState<string | null>(last.value);
  const [scans, setScans] = useState(false);
  const [proven, setProven] = useState(false);
  const view = round(to.occurrence).value;
  const stop = view?.stops.find((one) => one.id === to.stop);
  const back = href({ name: 'round', occurrence: to.occurrence });
  const me = signedIn.value;
  const everybody = roster.value.filter(({ id, company }) => id !== me?.id && !company);
  // those of the own team first: one of them it is
  const isNear = ({ team }: { team: string | null }) => me?.team != null && team === me.team;
  const colleagues = [...everybody.filter(isNear), ...everybody.filter((one) => !isNear(one))];
  const person = colleagues.find(({ id }) => id === chosen) ?? null;
  const pin = usePin(
    (digits) => proveSecond(person!.id, digits),
    person !== null,
    () => {
      last.value = person!.id;
      setProven(true);
    },
  );
  if (!view || !stop) {
    return (
      <Screen title={t('crew2.title')} back={href({ name: 'today' })}>
        <Empty icon="route" title={t('round.missing')} act={<Button href={href({ name: 'today' })}>{t('saved.back')}</Button>}>
          {t('round.missing.why')}
        </Empty>
      </Screen>
    );
  }
  if (proven && person) return <Scan to={{ name: 'scan', occurrence: to.occurrence, stop: to.stop }} second={person} />;
  if (scans) {
    const onText = async (text: string): Promise<string | null> => {
      const id = await personOfBadge(text);
      if (id === null || !colleagues.some((one) => one.id === id)) return t('pin.badge.unknown');
      setChosen(id);
      pin.clear();
      setScans(false);
      return null;
    };
    return <CodeScan title={t('pin.badge')} onText={onText} onClose={() => setScans(false)} />;
  }
  return (
    <Screen
      title={t('crew2.title')}
      back={back}
      sub={<span lang={langOf(stop.name)}>{`${stop.number} ${say(stop.name)}`}</span>}
      dock={
        <Dock plain>
          <p class="dock__say" role="status">
            {pin.say(person === null ? t('crew2.choose') : t('pin.ask', { name: person.name }))}
          </p>
          <PinDots entered={pin.entered} />
          <Pad onDigit={pin.digit} onErase={pin.erase} />
        </Dock>
      }
    >
      <p class="meta">{t('crew2.why', { name: me?.name ?? '' })}</p>
      <div class="whofind">
        <Button icon="qr" onPress={() => setScans(true)}>
          {t('pin.badge')}
        </Button>
      </div>
      <People
        people={colleagues.map(({ id, name, number }) => ({ id, name, sub: number }))}
        chosen={chosen}
        onChoose={(id) => {
          setChosen(id);
          pin.clear();
        }}
      />
    </Screen>
  );
}
