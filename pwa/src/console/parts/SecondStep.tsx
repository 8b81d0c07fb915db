import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import { giveCode, givePasskey, type Second } from '../model/logins';
import { canPasskeys } from '../model/passkeys';
import { Refusal } from './Answers';
import { TextField } from './fields';
import { useForm } from './useForm';

export type SecondStepProps = {
  second: Second;
  /** What happens when they are in. */
  onIn?: () => void;
  /** Begin anew. */
  onBack: () => void;
};

/** After the right password: six digits, a recovery code, or a passkey. */
export function SecondStep({ second, onIn = () => undefined, onBack }: SecondStepProps) {
  const draft = useForm({ code: '' });
  const passkey = second.passkey && canPasskeys();
  const enter = (step: () => Promise<void>) =>
    void draft.submit(async () => {
      await step();
      onIn();
    });
  return (
    <form
      class="card form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        enter(() => giveCode(second.attempt, draft.value.code));
      }}
    >
      <h1>{tc('second.title')}</h1>
      <p>{tc('second.why')}</p>
      {passkey && (
        <Button kind="ink" icon="passkey" busy={draft.busy} onPress={() => enter(() => givePasskey(second.attempt))}>
          {tc('second.passkey')}
        </Button>
      )}
      <TextField label={tc('second.code')} hint={tc('second.code.hint')} auto="one-time-code" focus={!passkey} required most={40} value={draft.value.code} error={draft.errorAt('code')} onText={(code) => draft.set({ code })} />
      <Refusal problem={draft.problem} />
      <Button submit kind={passkey ? 'plain' : 'ink'} busy={draft.busy}>
        {tc('login.go')}
      </Button>
      <Button kind="quiet" onPress={onBack}>
        {tc('second.back')}
      </Button>
    </form>
  );
}
