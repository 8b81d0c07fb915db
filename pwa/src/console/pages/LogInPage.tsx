import { useState } from 'preact/hooks';
import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import { Refusal } from '../parts/Answers';
import { Door } from '../parts/Door';
import { TextField } from '../parts/fields';
import { SecondStep } from '../parts/SecondStep';
import { useForm } from '../parts/useForm';
import { givePasskey, logIn, type Second } from '../model/logins';
import { canPasskeys } from '../model/passkeys';

export type LogInPageProps = {
  /** Nobody has made the first administrator yet. */
  firstRun: boolean;
  /** A session was open and is over. */
  ended: boolean;
};

/** Log in: with a password and what comes after it, or with a passkey alone. */
export function LogInPage({ firstRun, ended }: LogInPageProps) {
  const [second, setSecond] = useState<Second | null>(null);
  const draft = useForm({ login: '', password: '' });
  if (second) {
    return (
      <Door>
        <SecondStep second={second} onBack={() => setSecond(null)} />
      </Door>
    );
  }
  return (
    <Door>
      <form
        class="card form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void draft.submit(async ({ login, password }) => {
            const next = await logIn(login, password);
            if (next) {
              draft.set({ password: '' });
              setSecond(next);
            }
          });
        }}
      >
        <h1>{tc('login.title')}</h1>
        {ended && <p role="status">{tc('login.ended')}</p>}
        {firstRun && (
          <p role="status" class="note">
            {tc('login.first_run')}
          </p>
        )}
        <TextField label={tc('login.login')} auto="username" focus required value={draft.value.login} error={draft.errorAt('login')} onText={(login) => draft.set({ login })} />
        <TextField
          label={tc('login.password')}
          type="password"
          auto="current-password"
          required
          value={draft.value.password}
          error={draft.errorAt('password')}
          onText={(password) => draft.set({ password })}
        />
        <Refusal problem={draft.problem} />
        <Button submit kind="ink" busy={draft.busy}>
          {tc('login.go')}
        </Button>
        {canPasskeys() && !firstRun && (
          <>
            <p class="or">{tc('login.or')}</p>
            <Button icon="passkey" busy={draft.busy} onPress={() => void draft.submit(() => givePasskey())}>
              {tc('login.passkey')}
            </Button>
          </>
        )}
      </form>
    </Door>
  );
}
