/** A person says whether their records may say where they were made. The answer is a record as any other. */
import { CONSENT_VERSION } from '../state/consent';
import { seal } from '../sync/seal';
import { record } from './problem';
import { signedIn } from './signedIn';

/** Keep the answer, and the language of the text. Resolves when it is on the disk; what is recorded from then on follows it. */
export function answerConsent(location: boolean, language: 'en' | 'zh'): Promise<void> {
  return record(async () => {
    const { phone, actor, site } = signedIn();
    const p = { version: CONSENT_VERSION, language, location };
    const at = phone.clock.wall();
    await seal(phone, () => ({ type: 'consent', actor, site, p }), {
      consent: { person: actor, given: { version: CONSENT_VERSION, location, at } },
    });
  });
}
