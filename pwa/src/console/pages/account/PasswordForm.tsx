import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { tell } from '../../model/notice';
import { enter, session } from '../../model/session';
import { Refusal } from '../../parts/Answers';
import { TextField } from '../../parts/fields';
import { useForm } from '../../parts/useForm';
import type { Session } from '../../types';

/** Choose another password. */
export function PasswordForm() {
  const draft = useForm({ old: '', new: '' });
  const { value, set, errorAt } = draft;
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void draft.submit(async (body) => {
          enter(await send<Session>('POST', '/me/password', body));
          set({ old: '', new: '' });
          tell(tc('me.password.done'));
        });
      }}
    >
      <p>{tc('me.password.why')}</p>
      <input hidden aria-label={tc('login.login')} type="text" autocomplete="username" value={session.value.person.login} readOnly />
      <TextField label={tc('me.password.old')} type="password" auto="current-password" required value={value.old} error={errorAt('old')} onText={(old) => set({ old })} />
      <TextField label={tc('me.password.new')} hint={tc('login.password.hint')} type="password" auto="new-password" required value={value.new} error={errorAt('new')} onText={(next) => set({ new: next })} />
      <Refusal problem={draft.problem} />
      <span>
        <Button submit kind="ink" busy={draft.busy}>
          {tc('me.password.go')}
        </Button>
      </span>
    </form>
  );
}
