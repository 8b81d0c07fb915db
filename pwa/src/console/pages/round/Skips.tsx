import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { t } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { EstimateAndInterval } from '../../../ui/TimeInterval';
import { send } from '../../api';
import { may } from '../../model/may';
import { Refusal } from '../../parts/Answers';
import { AreaField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import type { SkipSaid } from '../../routeTypes';
import type { Round, RoundStop } from '../../types';

export type SkipsProps = { stop: RoundStop; path: string; zone: string; now: number; onDone: (round: Round) => void };

/** Why a stop was skipped, who said so, and what a supervisor said to it. */
export function Skips({ stop, path, zone, now, onDone }: SkipsProps) {
  const [asking, setAsking] = useState<'accept' | 'refuse' | null>(null);
  const last = stop.skips?.at(-1);
  if (!last) return null;
  const decision = last.decision;
  return (
    <div class="skips">
      {stop.skips!.map((said) => (
        <Said key={said.hash} said={said} zone={zone} now={now} />
      ))}
      {decision && <p class="meta">{decisionWords(decision)}</p>}
      {may('excuse') && (
        <p class="acts">
          {decision?.accepted !== true && <Button onPress={() => setAsking('accept')}>{tc('skip.accept')}</Button>}
          {decision?.accepted !== false && <Button kind="quiet" onPress={() => setAsking('refuse')}>{tc('skip.refuse')}</Button>}
        </p>
      )}
      {asking && (
        <Decide
          key={asking}
          act={asking}
          number={stop.number}
          path={`${path}/stops/${stop.id}/skip`}
          onClose={() => setAsking(null)}
          onDone={(round) => {
            setAsking(null);
            onDone(round);
          }}
        />
      )}
    </div>
  );
}

function Said({ said, zone, now }: { said: SkipSaid; zone: string; now: number }) {
  return (
    <p>
      <b>{t(`skip.${said.reason}`)}</b>
      {said.note && `：${said.note}`} <EstimateAndInterval lower={said.lower_ms} upper={said.upper_ms} estimate={said.estimate_ms} quality={said.quality} zone={zone} now={now} />
      {said.person && ` · ${said.person.name}`}
      {said.photos.map((photo) => photo.url && <img key={photo.sha256} class="skips__p" src={`${photo.url}?width=160`} alt={tc('skip.photo.alt', { n: photo.sha256.slice(0, 6) })} />)}
    </p>
  );
}

function decisionWords({ accepted, by, why }: NonNullable<SkipSaid['decision']>): string {
  if (why) return tc(accepted ? 'skip.decided' : 'skip.decided.not', { name: by, why });
  return tc(accepted ? 'skip.decided.bare' : 'skip.decided.not.bare', { name: by });
}

type DecideProps = { act: 'accept' | 'refuse'; number: number; path: string; onClose: () => void; onDone: (round: Round) => void };

function Decide({ act, number, path, onClose, onDone }: DecideProps) {
  const draft = useForm({ why: '' });
  return (
    <FormDialog
      title={tc(`skip.${act}.title`, { n: number })}
      go={tc(`skip.${act}`)}
      busy={draft.busy}
      onStay={onClose}
      onGo={() => void draft.submit(async ({ why }) => onDone(await send<Round>('POST', path, { accepted: act === 'accept', why: why.trim() || null })))}
    >
      <p>{tc(`skip.${act}.why`)}</p>
      <AreaField label={tc('skip.words')} optional most={500} value={draft.value.why} error={draft.errorAt('why')} onText={(why) => draft.set({ why })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
