import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { t } from '../../../i18n/t';
import { Button, IconButton } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { Chip } from '../../../ui/State';
import { send } from '../../api';
import { addDays, dayOf } from '../../dates';
import { asProblem } from '../../model/load';
import { may } from '../../model/may';
import { Refusal } from '../../parts/Answers';
import { SelectField, TextField } from '../../parts/fields';
import { useForm } from '../../parts/useForm';
import { CERTIFICATES, type CertificateKind, type HeldCertificate } from '../../routeTypes';
import type { Problem } from '../../api';

/** So long before its last day a certificate is said to expire soon, days. */
const SOON = 30;

type CertificatesProps = { siteId: string; personId: string; held: readonly HeldCertificate[] };

/** The certificates of a person: those noted, and one more. They are kept at once, apart from the rest of the form. */
export function Certificates({ siteId, personId, held: first }: CertificatesProps) {
  const [held, setHeld] = useState(first);
  const [dropping, setDropping] = useState<HeldCertificate | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const draft = useForm<{ kind: CertificateKind; number: string; until: string }>({ kind: 'electrician_low', number: '', until: '' });
  const { value, set, errorAt } = draft;
  const path = `/sites/${siteId}/people/${personId}/certificates`;
  const add = (): Promise<void> =>
    draft.submit(async ({ kind, number, until }) => {
      const made = await send<HeldCertificate>('POST', path, { kind, number: number.trim(), valid_until: until || null });
      setHeld((was) => [...was, made]);
      set({ number: '', until: '' });
    });
  const drop = async (one: HeldCertificate): Promise<void> => {
    setDropping(null);
    try {
      await send('DELETE', `${path}/${one.id}`);
      setHeld((was) => was.filter((other) => other.id !== one.id));
      setProblem(null);
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <section class="certs">
      <h2 class="form__h">{tc('person.certs')}</h2>
      <p class="meta">{tc('person.certs.why')}</p>
      {held.length === 0 ? (
        <p class="meta">{tc('person.certs.none')}</p>
      ) : (
        <ul class="plainlist">
          {held.map((one) => (
            <li key={one.id} class="certs__i">
              <span>
                <b>{t(`cert.${one.kind}`)}</b> <span class="code">{one.number}</span>
                <small> {one.valid_until ?? tc('person.cert.ever')}</small>
              </span>
              <Standing until={one.valid_until} />
              {may('change.people') && <IconButton name="bin" label={`${tc('person.cert.drop')} ${t(`cert.${one.kind}`)}`} onPress={() => setDropping(one)} />}
            </li>
          ))}
        </ul>
      )}
      <Refusal problem={problem} />
      {may('change.people') && (
        <div class="pair pair--end">
          <SelectField label={tc('person.cert.kind')} value={value.kind} options={CERTIFICATES.map((kind) => ({ value: kind, word: t(`cert.${kind}`) }))} error={errorAt('kind')} onChoose={(kind) => set({ kind: kind as CertificateKind })} />
          <TextField label={tc('person.cert.number')} most={60} value={value.number} error={draft.problem?.slug === 'certificate-held' ? tc('problem.certificate-held') : errorAt('number')} onText={(number) => set({ number })} />
          <TextField label={tc('person.cert.until')} hint={tc('person.cert.until.hint')} type="date" value={value.until} error={errorAt('valid_until')} onText={(until) => set({ until })} />
          <span>
            <Button icon="plus" busy={draft.busy} onPress={() => void add()}>{tc('person.cert.add')}</Button>
          </span>
        </div>
      )}
      {dropping && (
        <Dialog
          title={tc('person.cert.drop.ask', { name: t(`cert.${dropping.kind}`) })}
          stay={tc('act.stay')}
          onStay={() => setDropping(null)}
          go={tc('person.cert.drop')}
          goKind="bad"
          onGo={() => void drop(dropping)}
        >
          <p>{tc('person.cert.drop.why')}</p>
        </Dialog>
      )}
    </section>
  );
}

function Standing({ until }: { until: string | null }) {
  const today = dayOf(Date.now(), Intl.DateTimeFormat().resolvedOptions().timeZone);
  if (until === null || until > addDays(today, SOON)) return null;
  return <Chip tone={until < today ? 'bad' : 'warn'} icon="clock">{tc(until < today ? 'person.cert.past' : 'person.cert.soon')}</Chip>;
}
