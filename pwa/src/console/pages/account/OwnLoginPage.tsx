import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { Button } from '../../../ui/Button';
import { send, type Problem } from '../../api';
import { asProblem, useLoad } from '../../model/load';
import { reloadSession } from '../../model/logins';
import { tell } from '../../model/notice';
import { railSite } from '../../model/session';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { Page, Panel } from '../../parts/Page';
import { browserWord } from './browser';
import { PasswordForm } from './PasswordForm';
import { RecoveryCodes } from './RecoveryCodes';
import { PasskeySetUp, TotpSetUp } from './SetUp';

type OwnSession = { id: string; agent: string; network: string; made_ms: number; seen_ms: number; this: boolean };
type Passkey = { id: string; name: string; made_ms: number; used_ms: number | null };
type OwnLogin = { login: string; required: boolean; totp_ms: number | null; passkeys: Passkey[]; recovery_left: number; sessions: OwnSession[] };

const when = (ms: number) => moment(ms, railSite.value?.time_zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone, Date.now());

/** One's own log-in: factors, password, and where one is logged in. */
export function OwnLoginPage() {
  const { value, problem, reload } = useLoad<OwnLogin>('/me/login');
  const [codes, setCodes] = useState<string[] | null>(null);
  const [refused, setRefused] = useState<Problem | null>(null);
  if (value === null) {
    return <Page title={tc('me.title')}>{problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />}</Page>;
  }
  const { passkeys, totp_ms, recovery_left } = value;
  const changed = (made: string[] = []) => {
    if (made.length > 0) setCodes(made);
    reload();
    void reloadSession();
  };
  async function act(work: () => Promise<unknown>, said: string): Promise<void> {
    setRefused(null);
    try {
      await work();
      tell(said);
      changed();
    } catch (error) {
      setRefused(asProblem(error));
    }
  }
  const any = passkeys.length > 0 || totp_ms !== null;
  return (
    <Page title={tc('me.title')} sub={value.login}>
      <Refusal problem={refused} />
      {codes && (
        <div class="panel">
          <div class="panel__b">
            <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />
          </div>
        </div>
      )}
      <div class="me__cols">
        <Panel title={tc('passkey.title')}>
          <div class="stack">
            <p>{tc('passkey.why')}</p>
            {passkeys.length === 0 && <p class="meta">{tc('passkey.none')}</p>}
            <ul class="me__list">
              {passkeys.map((key) => (
                <li key={key.id}>
                  <span class="grow">
                    <strong>{key.name}</strong>
                    <small class="meta">{key.used_ms === null ? tc('passkey.unused') : tc('passkey.used', { time: when(key.used_ms) })}</small>
                  </span>
                  <Button onPress={() => void act(() => send('DELETE', `/me/passkeys/${key.id}`), tc('me.removed'))}>{tc('me.remove')}</Button>
                </li>
              ))}
            </ul>
            <PasskeySetUp onDone={changed} />
          </div>
        </Panel>
        <Panel title={tc('totp.title')}>
          <div class="stack">
            <p>{tc('totp.why')}</p>
            <p class="meta">{totp_ms === null ? tc('totp.none') : tc('totp.set', { time: when(totp_ms) })}</p>
            <TotpSetUp word={tc(totp_ms === null ? 'totp.make' : 'totp.again')} onDone={changed} />
            {totp_ms !== null && <Button onPress={() => void act(() => send('DELETE', '/me/totp'), tc('me.removed'))}>{tc('me.remove')}</Button>}
          </div>
        </Panel>
        {any && (
          <Panel title={tc('recovery.title')} fact={tc('recovery.left', { n: recovery_left })}>
            <Button
              onPress={() =>
                void act(async () => setCodes((await send<{ codes: string[] }>('POST', '/me/recovery-codes')).codes), tc('access.done'))
              }
            >
              {tc('recovery.again')}
            </Button>
          </Panel>
        )}
        <Panel title={tc('me.password')}>
          <PasswordForm />
        </Panel>
      </div>
      <Panel title={tc('me.sessions')} class="below">
        <ul class="me__list">
          {value.sessions.map((one) => (
            <li key={one.id}>
              <span class="grow">
                <strong title={one.agent}>{browserWord(one.agent)}</strong>
                {one.this && <span class="chip"> {tc('me.this')}</span>}
                <small class="meta">{[one.network, `${tc('me.since')} ${when(one.made_ms)}`, `${tc('me.seen')} ${when(one.seen_ms)}`].filter(Boolean).join(' · ')}</small>
              </span>
              {!one.this && <Button onPress={() => void act(() => send('DELETE', `/me/sessions/${one.id}`), tc('me.ended'))}>{tc('me.end')}</Button>}
            </li>
          ))}
        </ul>
        {value.sessions.length > 1 && <Button onPress={() => void act(() => send('POST', '/me/sessions/end-others'), tc('me.ended'))}>{tc('me.end.others')}</Button>}
      </Panel>
    </Page>
  );
}
