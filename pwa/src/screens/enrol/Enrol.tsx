import { useEffect, useId, useState } from 'preact/hooks';
import { enrol, pollEnrolment } from '../../actions/enrol';
import { isNeeded } from '../../actions/lacks';
import { t } from '../../i18n/t';
import { device, phase } from '../../state/app';
import { lost, risk, weak } from '../../state/keeping';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Note } from '../../ui/Saved';
import { Dock, Screen } from '../../ui/Screen';
import { problemText } from '../words';
import { CodeScan } from '../scan/CodeScan';
import { codeIn, codeInAddress } from './code';
import { Elsewhere } from './Elsewhere';
import { Lacks, useLacks } from './Lacks';
import { Languages } from './Languages';
import { standing } from './where';

/** How often the phone asks whether the supervisor has confirmed, ms. */
const POLL_MS = 3000;

/** How a phone joins a site: by the code on the supervisor's screen, and one word that both compare. */
export function Enrol() {
  if (phase.value === 'waiting') return <Waiting />;
  const where = standing();
  // nothing is asked of the server where the phone cannot stay: the code stays good
  if (where.kind !== 'here') return <Elsewhere where={where} code={codeInAddress(location.hash)} />;
  return <Joining />;
}

function Joining() {
  const [typed, setTyped] = useState(() => codeInAddress(location.hash) ?? '');
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<string | null>(null);
  const ids = { code: useId(), name: useId() };
  const code = codeIn(typed);
  const found = useLacks();
  const cannot = found?.some(isNeeded) ?? false;
  const [scans, setScans] = useState(false);
  useEffect(() => {
    // a code that is scanned while the app is open changes the address only
    const read = (): void => {
      const found = codeInAddress(location.hash);
      if (found !== null) setTyped(found);
    };
    addEventListener('hashchange', read);
    return () => removeEventListener('hashchange', read);
  }, []);

  const join = async (): Promise<void> => {
    if (code === null) {
      document.getElementById(ids.code)?.focus();
      return;
    }
    setBusy(true);
    setTold(null);
    try {
      await enrol(code, name.trim());
      // spent: it must not stand in the address and the history
      history.replaceState(null, '', '#/');
    } catch (error) {
      setTold(problemText(error));
    } finally {
      setBusy(false);
    }
  };

  if (scans) {
    const onText = async (text: string): Promise<string | null> => {
      if (codeIn(text) === null) return t('enrol.scan.none');
      setTyped(codeIn(text) ?? '');
      setScans(false);
      return null;
    };
    return <CodeScan title={t('enrol.scan')} onText={onText} onClose={() => setScans(false)} />;
  }
  return (
    <Screen
      title={t('enrol.title')}
      side={<Languages />}
      dock={
        !cannot && <Dock plain>
          {told !== null && (
            <Note tone="bad" icon="rc-attention" live>
              {told}
            </Note>
          )}
          <Button kind={code === null ? 'todo' : 'main'} busy={busy} onPress={() => void join()}>
            {t(busy ? 'enrol.busy' : code === null ? 'enrol.need' : 'enrol.act')}
          </Button>
        </Dock>
      }
    >
      {phase.value === 'refused' && (
        <Note tone="warn" icon="rc-attention" live>
          <b>{t('enrol.refused')}</b> {t('enrol.refused.why')}
        </Note>
      )}
      {lost.value && (
        <Note tone="bad" icon="rc-attention">
          <b>{t('lost.title')}</b> {t('lost.why', { n: lost.value.seq })}
        </Note>
      )}
      {risk.value === 'private' && (
        <Note tone="bad" icon="disk">
          {t('enrol.private')}
        </Note>
      )}
      {found && <Lacks found={found} />}
      <p>{t('enrol.how')}</p>
      <Button icon="qr" onPress={() => setScans(true)}>
        {t('enrol.scan')}
      </Button>
      <Field questionId={`${ids.code}q`} htmlFor={ids.code} question={t('enrol.code.label')} aside={t('enrol.code.hint')}>
        <input
          id={ids.code}
          type="text"
          class="code"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
        />
      </Field>
      <Field questionId={`${ids.name}q`} htmlFor={ids.name} question={t('enrol.name')} aside={t('form.optional')}>
        <input id={ids.name} type="text" autocomplete="off" maxLength={40} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        <p class="meta">{t('enrol.name.hint')}</p>
      </Field>
    </Screen>
  );
}

function Waiting() {
  useEffect(() => {
    const ask = (): void => {
      // no network, or a server that is busy: the next question comes by itself
      void pollEnrolment().catch(() => undefined);
    };
    ask();
    const timer = setInterval(ask, POLL_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <Screen title={t('enrol.wait.title')} sub={device.value?.site.name} side={<Languages />}>
      <section class="card" aria-live="polite">
        <p class="strong">{t('enrol.wait.word')}</p>
        <p class="word">{device.value?.checkWord}</p>
        <p class="meta">{t('enrol.wait.why')}</p>
      </section>
      {weak.value && (
        <Note tone="warn" icon="rc-marked">
          {t('enrol.weak')}
        </Note>
      )}
    </Screen>
  );
}
