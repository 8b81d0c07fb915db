import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { getFile, send, type Problem } from '../../api';
import { asProblem } from '../../model/load';
import { tell } from '../../model/notice';
import { save } from '../../parts/save';
import { Refusal } from '../../parts/Answers';
import type { Person } from '../../types';

/** The roles of those who sign in on phones. */
export const ON_ROSTER: readonly string[] = ['worker', 'team_leader', 'contractor'];

type BadgeProps = { siteId: string; people: readonly string[]; onPrinted?: () => void };

/** Print badges; each is a new one, so the question says that those from before are over. */
export function BadgeButton({ siteId, people, onPrinted }: BadgeProps) {
  const [asks, setAsks] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const many = people.length > 1;
  const print = (): void => {
    setAsks(false);
    setProblem(null);
    getFile(`/sites/${siteId}/badges`, { people }).then(
      (file) => {
        save(file, 'badges.pdf');
        onPrinted?.();
      },
      (error: unknown) => setProblem(asProblem(error)),
    );
  };
  return (
    <>
      <Button icon="print" onPress={() => setAsks(true)}>
        {tc(many ? 'badges.print' : 'badge.print')}
      </Button>
      <Refusal problem={problem} />
      {asks && (
        <Dialog title={tc(many ? 'badges.print.ask' : 'badge.print')} stay={tc('act.stay')} onStay={() => setAsks(false)} go={tc('badge.print')} onGo={print}>
          <p>{tc(many ? 'badges.print.why' : 'badge.print.why')}</p>
        </Dialog>
      )}
    </>
  );
}

/** One person's badge: print another one, or have the one that was lost be over. */
export function OwnBadge({ siteId, person }: { siteId: string; person: Person }) {
  const [has, setHas] = useState(person.has_badge);
  return (
    <>
      <p class="meta">{tc(has ? 'badge.has' : 'badge.has_none')}</p>
      <div class="acts">
        <BadgeButton siteId={siteId} people={[person.id]} onPrinted={() => setHas(true)} />
        {has && <RetireBadge siteId={siteId} person={person} onRetired={() => setHas(false)} />}
      </div>
    </>
  );
}

function RetireBadge({ siteId, person, onRetired }: { siteId: string; person: Person; onRetired: () => void }) {
  const [asks, setAsks] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const retire = (): void => {
    setAsks(false);
    setProblem(null);
    send('DELETE', `/sites/${siteId}/badges/${person.id}`).then(
      () => {
        tell(tc('badge.retired'));
        onRetired();
      },
      (error: unknown) => setProblem(asProblem(error)),
    );
  };
  return (
    <>
      <Button kind="bad" onPress={() => setAsks(true)}>{tc('badge.retire')}</Button>
      <Refusal problem={problem} />
      {asks && (
        <Dialog title={tc('badge.retire.ask', { name: person.name })} stay={tc('act.stay')} onStay={() => setAsks(false)} go={tc('badge.retire')} goKind="bad" onGo={retire}>
          <p>{tc('badge.retire.why')}</p>
        </Dialog>
      )}
    </>
  );
}
