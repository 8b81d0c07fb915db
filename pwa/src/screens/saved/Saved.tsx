import { useState } from 'preact/hooks';
import { openOrder } from '../../actions/orderActs';
import { t } from '../../i18n/t';
import { log } from '../../state/log';
import { sync } from '../../state/sync';
import { round } from '../../state/today';
import { Button } from '../../ui/Button';
import { Note, SavedHead, Steps, type Journey } from '../../ui/Saved';
import { Dock, DockRow } from '../../ui/Screen';
import { say } from '../../i18n/label';
import { href, replace, type Route } from '../route';
import { clock, nextStop, problemText, titleOf } from '../words';
import { lastSaved, type LastSaved } from './last';

/** What the phone says when it has a record: that it has it, and what comes next. */
export function Saved({ to }: { to: Extract<Route, { name: 'saved' }> }) {
  const last = lastSaved.value?.seq === to.seq ? lastSaved.value : null;
  const entry = log.value.find((each) => each.seq === to.seq);
  const at = last?.at ?? entry?.at;
  const place = last?.place ?? (entry ? titleOf(entry) : '');
  const journey: Journey =
    entry?.receipt ? 'received' : entry?.state === 'sending' ? 'sending' : sync.value.trouble === 'offline' ? 'offline' : 'waiting';
  return (
    <div class="phone">
      <SavedHead>
        <p class="strong">
          {place}
          {at !== undefined && ` · ${clock(at)}`}
        </p>
        <p class="meta">{t('saved.number', { n: to.seq })}</p>
      </SavedHead>
      <main class="page">
        <Steps journey={journey} />
        {last?.fault && (
          <Note tone="warn" icon="report">
            {t('saved.fault')}
          </Note>
        )}
        {last && !last.photosKept && (
          <Note tone="bad" icon="rc-attention">
            {t('saved.photo_lost')}
          </Note>
        )}
      </main>
      <Onward occurrence={last?.occurrence ?? null} finding={last?.finding} />
    </div>
  );
}

type Finding = NonNullable<LastSaved['finding']>;

/** What was found may be mended at once: one press, and its order is opened, taken and done. */
function MendedHere({ finding }: { finding: Finding }) {
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { hash, target, urgency } = finding;
  const mend = (): void => {
    if (busy) return;
    setBusy(true);
    openOrder({ target, class: 'other', urgency, finding: hash, note: null, photos: [], mine: true, result: 'fixed' })
      .then((opened) => replace({ name: 'order', order: opened.order }))
      .catch((error: unknown) => {
        setTrouble(problemText(error));
        setBusy(false);
      });
  };
  return (
    <>
      {trouble !== null && (
        <p class="dock__say" role="alert">
          {trouble}
        </p>
      )}
      <DockRow>
        <Button icon="check" busy={busy} onPress={mend}>
          {t('wo.new.fixed')}
        </Button>
        <Button icon="order" href={href({ name: 'neworder', target, finding: hash })}>
          {t('wo.new.mine')}
        </Button>
      </DockRow>
    </>
  );
}

function Onward({ occurrence, finding }: { occurrence: string | null; finding?: Finding | undefined }) {
  const view = occurrence === null ? null : round(occurrence).value;
  const stop = nextStop(view);
  return (
    <Dock plain>
      {view && stop ? (
        <Button kind="main" after="next" object={say(stop.name)} href={href({ name: 'scan', occurrence: view.occurrence, stop: null })}>
          {t('saved.next', { n: stop.number })}
        </Button>
      ) : (
        <Button kind="main" after="next" href={href({ name: 'today' })} {...(view ? { object: t('saved.round_done') } : {})}>
          {t('saved.back')}
        </Button>
      )}
      {finding && <MendedHere finding={finding} />}
    </Dock>
  );
}
