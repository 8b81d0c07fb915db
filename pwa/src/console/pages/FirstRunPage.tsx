import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import { Refusal } from '../parts/Answers';
import { Door } from '../parts/Door';
import { TextField } from '../parts/fields';
import { useForm } from '../parts/useForm';
import { go, place } from '../route';
import { firstRun } from '../model/logins';

/** Make the organisation and its first administrator; the code was printed by the server at its first start. */
export function FirstRunPage() {
  const draft = useForm({ code: place.value.query['code'] ?? '', organisation: '', name: '', login: '', password: '' });
  const { value, set, errorAt, problem } = draft;
  return (
    <Door>
      <form
        class="card form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void draft.submit(async (body) => {
            await firstRun(body);
            go('#/');
          });
        }}
      >
        <h1>{tc('first.title')}</h1>
        <p>{tc('first.why')}</p>
        <TextField label={tc('first.code')} hint={tc('first.code.hint')} required value={value.code} error={errorAt('code')} onText={(code) => set({ code })} />
        <TextField label={tc('first.organisation')} required most={120} value={value.organisation} error={errorAt('organisation')} onText={(organisation) => set({ organisation })} />
        <TextField label={tc('first.name')} auto="name" required most={120} value={value.name} error={errorAt('name')} onText={(name) => set({ name })} />
        <TextField label={tc('login.login')} auto="username" required value={value.login} error={errorAt('login')} onText={(login) => set({ login })} />
        <TextField
          label={tc('login.password')}
          hint={tc('login.password.hint')}
          type="password"
          auto="new-password"
          required
          value={value.password}
          error={errorAt('password')}
          onText={(password) => set({ password })}
        />
        <Refusal problem={problem} />
        <Button submit kind="ink" busy={draft.busy}>
          {tc('first.go')}
        </Button>
        {problem?.slug === 'first-run-over' && <Button href="#/">{tc('login.title')}</Button>}
      </form>
    </Door>
  );
}
