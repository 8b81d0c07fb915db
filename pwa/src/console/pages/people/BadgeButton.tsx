import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { getFile, type Problem } from '../../api';
import { asProblem } from '../../model/load';
import { save } from '../../parts/save';
import { Refusal } from '../../parts/Answers';

/** The roles of those who sign in on phones. */
export const ON_ROSTER: readonly string[] = ['worker', 'team_leader', 'contractor'];

type BadgeProps = { siteId: string; people: readonly string[] };

/** Print badges; each is a new one, so the question says that those from before are over. */
export function BadgeButton({ siteId, people }: BadgeProps) {
  const [asks, setAsks] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const many = people.length > 1;
  const print = (): void => {
    setAsks(false);
    setProblem(null);
    getFile(`/sites/${siteId}/badges`, { people }).then(
      (file) => save(file, 'badges.pdf'),
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
