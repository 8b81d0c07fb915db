/** Six digits, the check, and what is said of it: the pad's moving parts. */
import { useEffect, useState } from 'preact/hooks';
import type { SignInResult } from '../../actions/signIn';
import { span } from '../../i18n/format';
import { t } from '../../i18n/t';
import { problemText } from '../words';

const DIGITS = 6;

export type Pin = {
  entered: number;
  digit: (d: string) => void;
  erase: () => void;
  /** Forget what was entered and said. */
  clear: () => void;
  /** What stands over the pad; `ask` where nothing else is to be said. */
  say: (ask: string) => string;
};

/** Check the PIN with `check` as soon as it is whole; `ready` is false while it is not known whose it is. */
export function usePin(check: (pin: string) => Promise<SignInResult>, ready: boolean, onRight?: () => void): Pin {
  const [pin, setPin] = useState('');
  const [checking, setChecking] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const wait = useWait();

  const whole = async (digits: string): Promise<void> => {
    setChecking(true);
    try {
      const answer = await check(digits);
      if (answer.ok) onRight?.();
      else {
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

  return {
    entered: pin.length,
    digit: (d) => {
      if (checking || !ready || wait.leftS > 0) return;
      const next = pin + d;
      setTold(null);
      setPin(next);
      if (next.length === DIGITS) void whole(next);
    },
    erase: () => setPin((now) => now.slice(0, -1)),
    clear: () => {
      setPin('');
      setTold(null);
    },
    say: (ask) => {
      if (checking) return t('pin.checking');
      const { leftS } = wait;
      if (leftS > 0) return t('pin.wait', { time: leftS >= 60 ? span(leftS * 1000) : t('span.s', { n: leftS }) });
      return told ?? ask;
    },
  };
}

type Refused = { triesLeft: number | null; waitS: number; needsNetwork: boolean };

function wordsOf({ triesLeft, waitS, needsNetwork }: Refused): string {
  if (needsNetwork) return t('pin.network');
  if (waitS > 0) return t('pin.wait', { time: span(Math.max(60, waitS) * 1000) });
  return triesLeft === null ? t('pin.wrong.plain') : t('pin.wrong', { n: triesLeft });
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
