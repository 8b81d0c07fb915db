import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { send, type Problem } from '../../api';
import { asProblem, useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { Refusal, Waiting } from '../../parts/Answers';
import { CopyButton } from '../../parts/CopyButton';

type Access = { login: string | null; has_password: boolean; has_console: boolean; totp: boolean; passkeys: number; sessions: number };
type Invited = { id: string; url: string; expires_ms: number };

/** How a person logs in to the console, and what an administrator can do about it. Nobody types another's password. */
export function ConsoleAccess({ siteId, personId, name }: { siteId: string; personId: string; name: string }) {
  const path = `/sites/${siteId}/people/${personId}`;
  const { value, problem: failed, reload } = useLoad<Access>(`${path}/login`);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [link, setLink] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  if (value === null) return failed ? <Refusal problem={failed} /> : <Waiting />;

  async function act(work: () => Promise<void>): Promise<void> {
    setProblem(null);
    try {
      await work();
      reload();
    } catch (error) {
      setProblem(asProblem(error));
    }
  }
  const post = (what: string) => () =>
    act(async () => {
      await send('POST', `${path}/login/${what}`);
      tell(tc('access.done'));
    });
  const factor = value.totp || value.passkeys > 0;
  const facts = value.has_password
    ? [tc(factor ? 'access.factor' : 'access.no_factor'), tc('access.sessions', { n: value.sessions })]
    : [value.login === null ? tc('access.none') : tc('access.unset')];
  return (
    <div class="stack">
      <p class="meta">{value.has_console ? facts.join(' · ') : tc('access.no_console')}</p>
      <Refusal problem={problem} />
      <div class="acts">
        {value.has_console && (
          <Button onPress={() => void act(async () => setLink((await send<Invited>('POST', `${path}/invitation`)).url))}>
            {tc(value.has_password ? 'access.forgot' : 'access.invite')}
          </Button>
        )}
        {factor && <Button onPress={() => setAsking(true)}>{tc('access.reset')}</Button>}
        {value.sessions > 0 && <Button onPress={() => void post('end-sessions')()}>{tc('access.end')}</Button>}
      </div>
      {link !== null && (
        <div class="note" role="status">
          <strong>{tc('access.link')}</strong>
          <p>{tc('access.link.why')}</p>
          <p class="code wrap">{link}</p>
          <CopyButton text={link} />
        </div>
      )}
      {asking && (
        <Dialog
          title={tc('access.reset.ask', { name })}
          stay={tc('act.stay')}
          onStay={() => setAsking(false)}
          go={tc('access.reset')}
          goKind="bad"
          onGo={() => {
            setAsking(false);
            void post('reset-factors')();
          }}
        >
          <p>{tc('access.reset.why')}</p>
        </Dialog>
      )}
    </div>
  );
}
