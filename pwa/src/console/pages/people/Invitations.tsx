import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { Button } from '../../../ui/Button';
import { send, type Problem } from '../../api';
import { asProblem, useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { site } from '../../model/session';
import { Refusal } from '../../parts/Answers';
import { Table } from '../../parts/things';

type Invitation = { id: string; person_id: string; name: string; made_by: string | null; made_ms: number; expires_ms: number };

/** The invitations to the console that nobody has used yet; nothing when there are none. */
export function Invitations({ siteId }: { siteId: string }) {
  const path = `/sites/${siteId}/invitations`;
  const { value, reload } = useLoad<{ invitations: Invitation[] }>(path);
  const [problem, setProblem] = useState<Problem | null>(null);
  const zone = site.value?.time_zone ?? 'UTC';
  if (!value || value.invitations.length === 0) return null;

  async function revoke(id: string): Promise<void> {
    setProblem(null);
    try {
      await send('DELETE', `${path}/${id}`);
      tell(tc('invitations.revoked'));
      reload();
    } catch (error) {
      setProblem(asProblem(error));
    }
  }
  return (
    <>
      <div class="list-h">
        <h2>{tc('invitations.title')}</h2>
      </div>
      <Refusal problem={problem} />
      <Table
        caption={tc('invitations.title')}
        rows={value.invitations}
        columns={[
          { head: tc('person.name'), wide: true, cell: (one) => <strong>{one.name}</strong> },
          { head: tc('invitations.by'), cell: (one) => one.made_by ?? '—' },
          { head: tc('invitations.until'), cell: (one) => moment(one.expires_ms, zone, Date.now()) },
          { head: tc('invitations.revoke'), cell: (one) => <Button onPress={() => void revoke(one.id)}>{tc('invitations.revoke')}</Button> },
        ]}
      />
    </>
  );
}
