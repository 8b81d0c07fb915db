import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { reloadSession } from '../../model/logins';
import { Door } from '../../parts/Door';
import { PasskeySetUp, TotpSetUp } from './SetUp';
import { RecoveryCodes } from './RecoveryCodes';

/** What an administrator sees before anything else until a second factor is set up. */
export function FactorPage() {
  const [codes, setCodes] = useState<string[] | null>(null);
  const done = (made: string[]) => (made.length > 0 ? setCodes(made) : void reloadSession());
  return (
    <Door>
      <div class="card form">
        {codes ? (
          <RecoveryCodes codes={codes} onDone={() => void reloadSession()} />
        ) : (
          <>
            <h1>{tc('factor.title')}</h1>
            <p>{tc('factor.why')}</p>
            <h2 class="form__h">{tc('passkey.title')}</h2>
            <p>{tc('passkey.why')}</p>
            <PasskeySetUp onDone={done} />
            <h2 class="form__h">{tc('totp.title')}</h2>
            <p>{tc('totp.why')}</p>
            <TotpSetUp word={tc('totp.make')} onDone={done} />
          </>
        )}
      </div>
    </Door>
  );
}
