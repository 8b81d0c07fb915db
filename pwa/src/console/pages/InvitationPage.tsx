import { useEffect, useState } from 'preact/hooks';
import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import type { Problem } from '../api';
import { asProblem } from '../model/load';
import { acceptInvitation, lookAtInvitation, type Second, type Welcome } from '../model/logins';
import { Refusal, Waiting } from '../parts/Answers';
import { Door } from '../parts/Door';
import { TextField } from '../parts/fields';
import { SecondStep } from '../parts/SecondStep';
import { useForm } from '../parts/useForm';
import { go, place } from '../route';

/** A link that somebody was given: they choose their own log-in and password. */
export function InvitationPage() {
  const code = place.value.query['code'] ?? '';
  const [welcome, setWelcome] = useState<Welcome | null>(null);
  const [second, setSecond] = useState<Second | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    if (code === '') return;
    setWelcome(null);
    setProblem(null);
    lookAtInvitation(code).then(setWelcome, (error: unknown) => setProblem(asProblem(error)));
  }, [code]);

  if (second) {
    return (
      <Door>
        <SecondStep second={second} onIn={() => go('#/')} onBack={() => go('#/')} />
      </Door>
    );
  }
  if (welcome) {
    return (
      <Door>
        <ChooseForm code={code} welcome={welcome} onSecond={setSecond} />
      </Door>
    );
  }
  return (
    <Door>
      <div class="card form">
        <h1>{tc('access.link')}</h1>
        {code === '' || problem?.slug === 'invalid-body' ? <p>{tc('invitation.bad')}</p> : problem ? <Refusal problem={problem} /> : <Waiting />}
        {(code === '' || problem) && <Button href="#/">{tc('login.title')}</Button>}
      </div>
    </Door>
  );
}

function ChooseForm({ code, welcome, onSecond }: { code: string; welcome: Welcome; onSecond: (second: Second) => void }) {
  const draft = useForm({ login: '', password: '' });
  const { value, set, errorAt, problem } = draft;
  return (
    <form
      class="card form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void draft.submit(async ({ login, password }) => {
          const chosen = welcome.login === null ? { login: login.trim().toLowerCase() } : {};
          const second = await acceptInvitation({ code, password, ...chosen });
          if (second) onSecond(second);
          else go('#/');
        });
      }}
    >
      <h1>{tc('invitation.title', { name: welcome.name })}</h1>
      <p>{tc('invitation.why', { organisation: welcome.organisation })}</p>
      {welcome.login === null ? (
        <TextField
          label={tc('login.login')}
          hint={tc('person.login.hint')}
          auto="username"
          focus
          required
          most={60}
          value={value.login}
          error={problem?.slug === 'login-taken' ? tc('problem.login-taken') : errorAt('login')}
          onText={(login) => set({ login })}
        />
      ) : (
        <p>
          <strong>{tc('invitation.known', { login: welcome.login })}</strong>
        </p>
      )}
      <TextField label={tc('login.password')} hint={tc('login.password.hint')} type="password" auto="new-password" focus={welcome.login !== null} required value={value.password} error={errorAt('password')} onText={(password) => set({ password })} />
      <Refusal problem={problem} />
      <Button submit kind="ink" busy={draft.busy}>
        {tc('invitation.go')}
      </Button>
    </form>
  );
}
