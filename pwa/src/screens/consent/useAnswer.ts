/** Saying yes or no to places in the records. */
import { useState } from 'preact/hooks';
import { answerConsent } from '../../actions/consent';
import { language } from '../../i18n/t';
import { seekPlace } from '../../shell/place';
import { problemText } from '../words';

export type Answering = { busy: boolean; trouble: string | null; answer: (location: boolean) => Promise<boolean> };

/** `answer` resolves to whether it was kept. After a yes the phone itself asks whether it may tell. */
export function useAnswer(): Answering {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const answer = async (location: boolean): Promise<boolean> => {
    setBusy(true);
    setTrouble(null);
    try {
      await answerConsent(location, language.value);
      if (location) seekPlace();
      return true;
    } catch (error) {
      setTrouble(problemText(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, trouble, answer };
}
