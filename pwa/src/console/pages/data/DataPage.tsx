import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { Button } from '../../../ui/Button';
import { send, type Problem } from '../../api';
import { asProblem, useLoad } from '../../model/load';
import { mayAt } from '../../model/may';
import { tell } from '../../model/notice';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { Page, Panel } from '../../parts/Page';
import { to } from '../../route';
import type { Held, PageProps, SiteRef } from '../../types';

/** What is held of one person: figures, a copy for them, and its erasure. */
export function DataPage({ site, id }: PageProps) {
  const path = `/sites/${site.id}/people/${id ?? ''}/data`;
  const { value, problem, reload } = useLoad<Held>(path);
  const crumbs = [{ href: to(site.id, 'people'), word: tc('nav.people') }, ...(value ? [{ href: to(site.id, 'people', value.id), word: value.name }] : []), { word: tc('data.title') }];
  return (
    <Page title={tc('data.title')} {...(value ? { sub: value.name } : {})} crumbs={crumbs}>
      {value ? <Sheet held={value} site={site} path={path} onChange={reload} /> : problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />}
    </Page>
  );
}

function Sheet({ held, site, path, onChange }: { held: Held; site: SiteRef; path: string; onChange: () => void }) {
  const [asking, setAsking] = useState(false);
  const { consent, erased_ms: erased } = held;
  const now = Date.now();
  return (
    <div class="held">
      <Panel title={tc('data.held')}>
        <dl class="dl">
          <dt>{tc('data.consent')}</dt>
          <dd>{consent ? tc(consent.location ? 'data.consent.yes' : 'data.consent.no', { time: moment(consent.at_ms, site.time_zone, now) }) : tc('data.consent.none')}</dd>
          <dt>{tc('data.records')}</dt>
          <dd class="num">{held.records}</dd>
          <dt>{tc('data.places')}</dt>
          <dd class="num">{held.places}</dd>
          <dt>{tc('data.texts')}</dt>
          <dd class="num">{held.texts}</dd>
          <dt>{tc('data.photos')}</dt>
          <dd class="num">{tc('data.photos.size', { n: held.photos, mb: (held.photo_bytes / 1e6).toFixed(1) })}</dd>
        </dl>
      </Panel>
      {erased === null && (
        <Panel title={tc('data.copy')}>
          <p>{tc('data.copy.why')}</p>
          <p>
            <a class="btn btn--ink" href={`/api/v1${path}/copy`} download>
              <span>{tc('data.copy.act')}</span>
            </a>
          </p>
        </Panel>
      )}
      {mayAt(site, 'administer') && (
        <Panel title={tc('data.erase')}>
          {erased !== null ? (
            <p>{tc('data.erased', { time: moment(erased, site.time_zone, now) })}</p>
          ) : (
            <>
              <p>{tc('data.erase.why')}</p>
              <p class="meta">{tc('data.erase.stays')}</p>
              {held.left ? (
                <p>
                  <Button kind="bad" onPress={() => setAsking(true)}>{tc('data.erase.act')}</Button>
                </p>
              ) : (
                <p class="note">{tc('data.erase.here')}</p>
              )}
            </>
          )}
        </Panel>
      )}
      {asking && <EraseDialog held={held} path={path} onEnd={() => setAsking(false)} onDone={() => { setAsking(false); onChange(); }} />}
    </div>
  );
}

type EraseProps = { held: Held; path: string; onEnd: () => void; onDone: () => void };

/** Cannot be undone: the staff number is typed once more. */
function EraseDialog({ held, path, onEnd, onDone }: EraseProps) {
  const [number, setNumber] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const erase = async (): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      await send('POST', `${path}/erase`, { number: number.trim() });
      tell(tc('data.erase.done'));
      onDone();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <FormDialog title={tc('data.erase.ask', { name: held.name })} go={tc('data.erase.act')} goKind="bad" busy={busy} onGo={() => void erase()} onStay={onEnd}>
      <p>{tc('data.erase.final')}</p>
      <Refusal problem={problem} />
      <TextField label={tc('data.erase.number')} hint={held.number} narrow required most={40} auto="off" focus value={number} onText={setNumber} />
    </FormDialog>
  );
}
