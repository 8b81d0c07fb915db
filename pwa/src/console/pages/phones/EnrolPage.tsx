import { useEffect, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { get, send, type Problem } from '../../api';
import { asProblem, useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Refusal, Waiting } from '../../parts/Answers';
import { TextField } from '../../parts/fields';
import { Page, Panel } from '../../parts/Page';
import { QrCode } from '../../parts/QrCode';
import { useForm } from '../../parts/useForm';
import { go, place, to } from '../../route';
import type { Device, Enrolment, NewEnrolment } from '../../types';

const EVERY_MS = 2000;
const LIFE_MS = 600_000;

/** A phone joins: its name, the code to scan, the word that both screens must show. A known enrolment is taken up where it stands. */
export function EnrolPage({ siteId, enrolment = null }: { siteId: string; enrolment?: string | null }) {
  const [started, setStarted] = useState<NewEnrolment | null>(null);
  const back = { href: to(siteId, 'phones'), word: tc('nav.phones') };
  return (
    <Page title={tc('enrolment.title')} crumbs={[back, { word: tc('enrolment.title') }]}>
      {!may('enrol.phone') ? (
        <p class="note">{tc('edit.look_only')}</p>
      ) : started ? (
        <Joining key={started.id} siteId={siteId} id={started.id} started={started} back={back.href} onAgain={() => setStarted(null)} />
      ) : enrolment !== null ? (
        <Joining siteId={siteId} id={enrolment} started={null} back={back.href} onAgain={() => go(to(siteId, 'phones', 'new'))} />
      ) : (
        <NameForm siteId={siteId} onStarted={setStarted} />
      )}
    </Page>
  );
}

function NameForm({ siteId, onStarted }: { siteId: string; onStarted: (started: NewEnrolment) => void }) {
  const draft = useForm({ name: '' });
  const { replaces } = place.value.query;
  const old = useLoad<Device>(replaces ? `/sites/${siteId}/devices/${replaces}` : null).value;
  return (
    <form
      class="form form--page"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void draft.submit(async ({ name }) => onStarted(await send<NewEnrolment>('POST', `/sites/${siteId}/enrolments`, replaces ? { name, replaces } : { name })));
      }}
    >
      <p>{tc('enrolment.how')}</p>
      {old && <p class="note">{tc('enrolment.replaces', { name: old.name })}</p>}
      <TextField label={tc('phone.name')} hint={tc('enrolment.name.hint')} optional focus most={80} value={draft.value.name} error={draft.errorAt('name')} onText={(name) => draft.set({ name })} />
      <Refusal problem={draft.problem} />
      <span>
        <Button submit kind="ink" busy={draft.busy}>
          {tc('enrolment.go')}
        </Button>
      </span>
    </form>
  );
}

type JoiningProps = { siteId: string; id: string; started: NewEnrolment | null; back: string; onAgain: () => void };

function Joining({ siteId, id, started, back, onAgain }: JoiningProps) {
  const path = `/sites/${siteId}/enrolments/${id}`;
  const [now, setNow] = useState<Enrolment>({ id, state: 'open', check_word: null, device: null, expires_ms: started?.expires_ms ?? 0 });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const asks = now.state === 'open' || now.state === 'waiting';

  useEffect(() => {
    if (!asks) return undefined;
    const stop = new AbortController();
    const ask = (): void => {
      get<Enrolment>(path, stop.signal).then(
        (next) => {
          setNow(next);
          setProblem(null);
        },
        (error: unknown) => !stop.signal.aborted && setProblem(asProblem(error)),
      );
    };
    if (!started) ask();
    const timer = setInterval(ask, EVERY_MS);
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [path, asks, started]);

  async function answer(word: 'confirm' | 'refuse'): Promise<void> {
    setBusy(true);
    setProblem(null);
    try {
      setNow(await send<Enrolment>('POST', `${path}/${word}`));
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }

  return (
    <>
      <Refusal problem={problem} />
      <div role="status">
        {now.state === 'open' && (started ? <CodePanel started={started} /> : <Waiting />)}
        {now.state === 'waiting' && <WordPanel enrolment={now} busy={busy} onAnswer={(word) => void answer(word)} />}
        {now.state === 'active' && (
          <div class="panel">
            <Empty icon="st-done" title={tc('enrolment.active', { name: now.device?.name ?? '' })} act={<Button href={back}>{tc('nav.phones')}</Button>}>
              {tc('enrolment.active.why')}
            </Empty>
          </div>
        )}
        {(now.state === 'refused' || now.state === 'over') && (
          <div class="panel">
            <Empty icon="st-excused" title={tc(`enrolment.${now.state}`)} act={<Button onPress={onAgain}>{tc('enrolment.again')}</Button>}>
              {tc(`enrolment.${now.state}.why`)}
            </Empty>
          </div>
        )}
      </div>
    </>
  );
}

function CodePanel({ started }: { started: NewEnrolment }) {
  const [left, setLeft] = useState(() => minutesLeft(started.expires_ms));
  useEffect(() => {
    const timer = setInterval(() => setLeft(minutesLeft(started.expires_ms)), 5000);
    return () => clearInterval(timer);
  }, [started.expires_ms]);
  return (
    <Panel title={tc('enrolment.scan')} fact={tc('enrolment.left', { n: left })}>
      <div class="enrol">
        <div class="qrbox">
          <QrCode rows={started.qr} name={tc('enrolment.qr')} />
        </div>
        <div class="stack">
          <ol class="howto">
            <li>{tc('enrolment.step.1')}</li>
            <li>{tc('enrolment.step.2')}</li>
            <li>{tc('enrolment.step.3')}</li>
          </ol>
          <dl class="dl">
            <dt>{tc('enrolment.url')}</dt>
            <dd class="code">{started.url}</dd>
            <dt>{tc('enrolment.code')}</dt>
            <dd class="code">{started.code}</dd>
          </dl>
        </div>
      </div>
    </Panel>
  );
}

function minutesLeft(expiresMs: number): number {
  // a computer whose clock is wrong still never promises more than the code has
  return Math.max(0, Math.ceil(Math.min(LIFE_MS, expiresMs - Date.now()) / 60_000));
}

function WordPanel({ enrolment, busy, onAnswer }: { enrolment: Enrolment; busy: boolean; onAnswer: (word: 'confirm' | 'refuse') => void }) {
  return (
    <Panel title={tc('enrolment.compare')} fact={enrolment.device?.name}>
      <div class="stack">
        <p>{tc('enrolment.compare.why')}</p>
        <p class="word">{enrolment.check_word}</p>
        <div class="acts">
          <Button onPress={() => onAnswer('refuse')} busy={busy}>
            {tc('enrolment.refuse')}
          </Button>
          <Button kind="ink" onPress={() => onAnswer('confirm')} busy={busy}>
            {tc('enrolment.confirm')}
          </Button>
        </div>
      </div>
    </Panel>
  );
}
