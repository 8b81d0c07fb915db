/** Setting up a second factor: a passkey, or an authenticator app. Both end with recovery codes, if there are none yet. */
import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { canPasskeys, makePasskey, type AskedOptions } from '../../model/passkeys';
import { Refusal } from '../../parts/Answers';
import { TextField } from '../../parts/fields';
import { QrCode } from '../../parts/QrCode';
import { useForm } from '../../parts/useForm';

type Codes = { codes: string[] };
export type SetUpProps = {
  /** It is set up; `codes` are recovery codes to be shown, or none. */
  onDone: (codes: string[]) => void;
};

/** Make a passkey and give it a name. */
export function PasskeySetUp({ onDone }: SetUpProps) {
  const draft = useForm({ name: '' });
  if (!canPasskeys()) return <p class="meta">{tc('passkey.cannot')}</p>;
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void draft.submit(async ({ name }) => {
          const asked = await send<{ attempt: string; options: AskedOptions }>('POST', '/me/passkeys/ask');
          const credential = await makePasskey(asked.options);
          const { codes } = await send<Codes>('POST', '/me/passkeys', { attempt: asked.attempt, credential, name: name.trim() || tc('passkey.title') });
          draft.set({ name: '' });
          onDone(codes);
        });
      }}
    >
      <TextField label={tc('passkey.name')} hint={tc('passkey.name.hint')} optional most={60} value={draft.value.name} error={draft.errorAt('name')} onText={(name) => draft.set({ name })} />
      <Refusal problem={draft.problem} />
      <span>
        <Button submit icon="passkey" kind="ink" busy={draft.busy}>
          {tc('passkey.make')}
        </Button>
      </span>
    </form>
  );
}

type Started = { secret: string; url: string; qr: string[] };

/** Show the secret, then take its first code. */
export function TotpSetUp({ word, onDone }: SetUpProps & { word: string }) {
  const [started, setStarted] = useState<Started | null>(null);
  const draft = useForm({ code: '' });
  if (!started) {
    return (
      <div class="stack">
        <Refusal problem={draft.problem} />
        <Button icon="qr" busy={draft.busy} onPress={() => void draft.submit(async () => setStarted(await send<Started>('POST', '/me/totp')))}>
          {word}
        </Button>
      </div>
    );
  }
  return (
    <form
      class="form"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void draft.submit(async ({ code }) => {
          const { codes } = await send<Codes>('POST', '/me/totp/confirm', { code: code.normalize('NFKC').trim() });
          draft.set({ code: '' });
          setStarted(null);
          onDone(codes);
        });
      }}
    >
      <p>{tc('totp.scan')}</p>
      <div class="qrbox qrbox--small">
        <QrCode rows={started.qr} name={tc('totp.qr')} />
      </div>
      <p class="secret">
        <small>{tc('totp.secret')}</small>
        <span class="code">{started.secret.match(/.{1,4}/g)?.join(' ')}</span>
      </p>
      <TextField label={tc('totp.code')} narrow focus required auto="one-time-code" mode="numeric" most={7} value={draft.value.code} error={draft.errorAt('code')} onText={(code) => draft.set({ code })} />
      <Refusal problem={draft.problem} />
      <span>
        <Button submit kind="ink" busy={draft.busy}>
          {tc('totp.confirm')}
        </Button>
      </span>
    </form>
  );
}
