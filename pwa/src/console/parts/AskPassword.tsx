import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import { refresh, refreshWithPasskey } from '../model/logins';
import { canPasskeys } from '../model/passkeys';
import { giveUpPassword, session } from '../model/session';
import { Refusal } from './Answers';
import { TextField } from './fields';
import { FormDialog } from './FormDialog';
import { useForm } from './useForm';

/** Asks the password or a passkey before something that cannot be undone; then the act goes on by itself. */
export function AskPassword() {
  const draft = useForm({ password: '' });
  return (
    <FormDialog
      title={tc('password.again')}
      go={tc('password.go')}
      busy={draft.busy}
      onStay={giveUpPassword}
      onGo={() => void draft.submit(({ password }) => refresh(password))}
    >
      <p>{tc('password.again.why')}</p>
      <TextField label={tc('login.password')} type="password" auto="current-password" focus required value={draft.value.password} onText={(password) => draft.set({ password })} />
      {session.value.factors.passkeys > 0 && canPasskeys() && (
        <Button icon="passkey" busy={draft.busy} onPress={() => void draft.submit(() => refreshWithPasskey())}>
          {tc('second.passkey')}
        </Button>
      )}
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
