import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import { Account } from '../parts/Account';
import { Refusal } from '../parts/Answers';
import { TextField } from '../parts/fields';
import { useForm } from '../parts/useForm';
import { logIn } from '../model/session';

export type LogInPageProps = {
  /** Nobody has made the first administrator yet. */
  firstRun: boolean;
  /** A session was open and is over. */
  ended: boolean;
};

/** Log in. */
export function LogInPage({ firstRun, ended }: LogInPageProps) {
  const draft = useForm({ login: '', password: '' });
  return (
    <div class="console console--door">
      <main class="door">
        <p class="door__brand">
          <Icon name="brand" />
          {tc('console.brand')}
        </p>
        <form
          class="card form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void draft.submit(({ login, password }) => logIn(login, password));
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
        </form>
        <Account />
      </main>
    </div>
  );
}
