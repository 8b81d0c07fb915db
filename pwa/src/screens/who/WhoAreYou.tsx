import { useEffect, useState } from 'preact/hooks';
import { signIn } from '../../actions/signIn';
import { span } from '../../i18n/format';
import { say } from '../../i18n/label';
import { isTextKey, language, t } from '../../i18n/t';
import { device, roster, site } from '../../state/app';
import { chooseLanguage } from '../../state/prefs';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import { Pad, PinDots } from '../../ui/Pad';
import { People } from '../../ui/People';
import { Dock, Screen } from '../../ui/Screen';
import { Conditions } from '../Conditions';
import { href } from '../route';
import { problemText } from '../words';

const DIGITS = 6;
const ROW = 'last-person';

/** The people of the site, and the pad for the one who takes the phone. */
export function WhoAreYou() {
  const [chosen, setChosen] = useState<string | null>(() => sessionStorage.getItem(ROW));
  const [pin, setPin] = useState('');
  const [checking, setChecking] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const wait = useWait();
  const people = roster.value;
  const person = people.find((each) => each.id === chosen) ?? null;

  const check = async (whole: string): Promise<void> => {
    setChecking(true);
    try {
      const answer = await signIn(chosen!, whole);
      if (!answer.ok) {
        setTold(wordsOf(answer));
        wait.begin(answer.waitS);
      }
    } catch (error) {
      setTold(problemText(error));
    } finally {
      setPin('');
      setChecking(false);
    }
  };

  const digit = (d: string): void => {
    if (checking || person === null || wait.leftS > 0) return;
    const next = pin + d;
    setTold(null);
    setPin(next);
    if (next.length === DIGITS) void check(next);
  };

  const choose = (id: string): void => {
    sessionStorage.setItem(ROW, id);
    setChosen(id);
    setPin('');
    setTold(null);
  };

  return (
    <Screen
      title={t('pin.who')}
      sub={[site.value ? say(site.value.name) : device.value?.site.name, device.value?.name].filter(Boolean).join(' · ')}
      strip={<Conditions />}
      side={
        <button
          type="button"
          class="iconbtn strong"
          lang={language.value === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => void chooseLanguage(language.value === 'zh' ? 'en' : 'zh')}
        >
          {t('lang.other')}
        </button>
      }
      dock={
        people.length > 0 && (
          <Dock plain>
            <p class="dock__say" role="status">
              {sayOf({ told, checking, leftS: wait.leftS, name: person?.name ?? null })}
            </p>
            <PinDots entered={pin.length} />
            <Pad onDigit={digit} onErase={() => setPin((now) => now.slice(0, -1))} />
          </Dock>
        )
      }
    >
      {people.length === 0 ? (
        <div class="card">
          <Empty icon="users" title={t('pin.nobody')}>
            {t('pin.nobody.why')}
          </Empty>
        </div>
      ) : (
        <People people={people.map(({ id, name, role }) => ({ id, name, sub: roleOf(role) }))} chosen={chosen} onChoose={choose} />
      )}
      <Button kind="quiet" icon="export" href={href({ name: 'rescue' })}>
        {t('rescue.title')}
      </Button>
    </Screen>
  );
}

function roleOf(role: string): string {
  const key = `role.${role}`;
  return isTextKey(key) ? t(key) : role;
}

type Refused = { triesLeft: number | null; waitS: number; needsNetwork: boolean };

function wordsOf({ triesLeft, waitS, needsNetwork }: Refused): string {
  if (needsNetwork) return t('pin.network');
  if (waitS > 0) return t('pin.wait', { time: span(Math.max(60, waitS) * 1000) });
  return triesLeft === null ? t('pin.wrong.plain') : t('pin.wrong', { n: triesLeft });
}

type Say = { told: string | null; checking: boolean; leftS: number; name: string | null };

function sayOf({ told, checking, leftS, name }: Say): string {
  if (checking) return t('pin.checking');
  if (leftS > 0) return t('pin.wait', { time: leftS >= 60 ? span(leftS * 1000) : t('span.s', { n: leftS }) });
  if (told !== null) return told;
  return name === null ? t('pin.choose') : t('pin.ask', { name });
}

/** Seconds until another try is allowed, counted down. */
function useWait(): { leftS: number; begin: (seconds: number) => void } {
  const [leftS, setLeftS] = useState(0);
  const waits = leftS > 0;
  useEffect(() => {
    if (!waits) return undefined;
    const timer = setInterval(() => setLeftS((n) => Math.max(0, n - 1)), 1000);
    return () => clearInterval(timer);
  }, [waits]);
  return { leftS, begin: setLeftS };
}
