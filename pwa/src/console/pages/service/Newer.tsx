import { useState } from 'preact/hooks';
import { tc, type ConsoleKey } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { send, type Problem } from '../../api';
import { asProblem } from '../../model/load';
import { tell } from '../../model/notice';
import { useTemplates, type Becomes, type Origin, type Renewal, type Renewals } from '../../model/servicePlan';
import { Refusal } from '../../parts/Answers';
import { FormDialog } from '../../parts/FormDialog';
import { Table } from '../../parts/things';
import { recurrenceWords, windowsWords } from '../../recurrence';
import type { Recurrence } from '../../types';

export type NewerProps = { origins: readonly Origin[]; siteId: string; onDone: () => void };

/** For each template of which the site differs, the button that looks what would follow it and then lets it follow. */
export function Newer({ origins, siteId, onDone }: NewerProps) {
  const templates = useTemplates();
  const [seen, setSeen] = useState<Renewals | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const path = `/sites/${siteId}/service-plan/newer`;
  const versions = new Map(origins.filter((one) => !one.gone && one.differs.length > 0).map((one) => [one.template, one.newer ?? one.version]));
  const ask = async (to: string, template: string, version: number): Promise<Renewals | null> => {
    setBusy(true);
    setProblem(null);
    try {
      return await send<Renewals>('POST', to, { template, version });
    } catch (error) {
      setProblem(asProblem(error));
      return null;
    } finally {
      setBusy(false);
    }
  };
  const take = async (looked: Renewals): Promise<void> => {
    const done = await ask(path, looked.template, looked.version);
    if (!done) return;
    setSeen(null);
    tell(tc('newer.told', { n: done.changes.filter((one) => one.becomes === 'follows').length }));
    onDone();
  };
  return (
    <>
      {!seen && problem && <Refusal problem={problem} />}
      <p class="acts panel__b">
        {[...versions].map(([template, version]) => (
          <Button key={template} busy={busy} onPress={() => void ask(`${path}/look`, template, version).then(setSeen)}>
            {tc('newer.look', { name: say(templates.value?.find((one) => one.id === template)?.name ?? { zh: template, en: template }) })}
          </Button>
        ))}
      </p>
      {seen && (
        <FormDialog
          title={tc('newer.title')}
          go={tc('newer.take')}
          busy={busy}
          onGo={() => void take(seen)}
          onStay={() => {
            setProblem(null);
            setSeen(null);
          }}
        >
          {problem && <Refusal problem={problem} />}
          <Seen changes={seen.changes} />
        </FormDialog>
      )}
    </>
  );
}

const GROUPS: readonly Becomes[] = ['follows', 'by_hand', 'waits'];

function Seen({ changes }: { changes: readonly Renewal[] }) {
  if (changes.length === 0) return <p>{tc('newer.nothing')}</p>;
  return (
    <>
      {GROUPS.map((group) => {
        const rows = changes.filter((one) => one.becomes === group).map((one) => ({ ...one, thing: one.id, id: `${one.id} ${one.member}` }));
        if (rows.length === 0) return null;
        return (
          <section key={group}>
            <p>
              <b>{tc(`newer.${group}`)}</b>
            </p>
            <Table
              caption={tc(`newer.${group}`)}
              rows={rows}
              columns={[
                { head: tc('thing.name'), wide: true, cell: (row) => say(row.name) },
                { head: tc('service.differs'), tight: true, cell: (row) => tc(`service.member.${row.member}` as ConsoleKey) },
                { head: tc('newer.from_to'), wide: true, cell: (row) => words(row) },
              ]}
            />
          </section>
        );
      })}
    </>
  );
}

/** `每天 08:00–10:00 → 每天 09:00–11:00`; of a stop or a route that is walked only that it is another one. */
function words({ member, was, will }: Renewal): string {
  if (will === null) return '—';
  return `${valueWords(member, was)} → ${valueWords(member, will)}`;
}

function valueWords(member: string, value: unknown): string {
  switch (member) {
    case 'name':
      return say(value as Label);
    case 'recurrence':
      return `${recurrenceWords(value as Recurrence)} ${windowsWords(value as Recurrence)}`.trim();
    case 'crew':
      return tc(`plan.crew.${value as 1 | 2}`);
    case 'class':
      return tc(`wo.class.${value as 'water'}`);
    case 'unit':
      return tc(`orders.unit.${value as 'days'}`);
    case 'what':
      return tc(`orders.what.${value as 'arrive'}`);
    case 'asks_signature':
    case 'pause_counts':
      return tc(value ? 'newer.yes' : 'newer.no');
    case 'applies':
      return Object.values(value as Record<string, string[]>).flat().join(', ');
    case 'order':
      return tc(`route.order.${value as 'free'}`);
    default:
      return String(value);
  }
}
