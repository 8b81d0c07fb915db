import { tc } from '../../../i18n/console';
import { useState } from 'preact/hooks';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { Chip } from '../../../ui/State';
import { send, type Problem } from '../../api';
import { stamp } from '../../dates';
import { asProblem, useLoad } from '../../model/load';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { Refusal } from '../../parts/Answers';
import { Panel } from '../../parts/Page';
import type { SiteRef } from '../../types';
import { Closings } from './Closings';
import { shareWords } from './parts';
import { periodWords } from './periods';
import type { Closing, ClosingList, Report } from './types';

/** What was stated of a period: the number that holds, those that it took the place of, and their footnotes; then what else was closed, and how. */
export function Closed({ site, report, onClosed }: { site: SiteRef; report: Report; onClosed: () => void }) {
  const all = useLoad<ClosingList>(`/sites/${site.id}/closings`);
  const { revisions, changed } = report.closed;
  const last = revisions.at(-1);
  const due = report.closable_ms;
  const mayClose = due !== null && report.now_ms >= due && may('excuse');
  const again = () => {
    onClosed();
    all.reload();
  };
  return (
    <Panel title={tc('closed.title')} fact={last ? tc('closed.revision', { n: last.revision }) : due === null ? undefined : tc('closed.open')} class="below">
      {last && (
        <ul class="closed">
          {revisions.map((one) => (
            <Revision key={one.id} one={one} now={one === last} zone={site.time_zone} />
          ))}
        </ul>
      )}
      {!last && <p class="meta">{due === null ? tc('closed.whole') : tc('closed.from', { time: stamp(due, site.time_zone) })}</p>}
      {changed && <p class="note">{tc('closed.changed', { share: shareWords(report.sums.low, report.sums.high) })}</p>}
      {mayClose && (!last || changed) && <CloseButton site={site} period={report.period.key} again={last !== undefined} onClosed={again} />}
      <Closings site={site} period={report.period.key} loaded={all} onSettings={again} />
    </Panel>
  );
}

function Revision({ one, now, zone }: { one: Closing; now: boolean; zone: string }) {
  const share = shareWords(one.share, one.share);
  return (
    <li>
      {now ? <b class="closed__n">{share}</b> : <s>{share}</s>}
      <span class="grow">
        {tc('closed.parts', { n: one.revision, due: one.sums.due, done: one.sums.done + one.sums.late })}
        <small>{tc(one.itself ? 'closed.itself' : one.by ? 'closed.by' : 'closed.at', { who: one.by ?? '', time: stamp(one.closed_ms, zone) })}</small>
        {one.received_ms !== null && <small>{tc('closed.received', { time: stamp(one.received_ms, zone) })}</small>}
        {one.footnotes.map((note) => (
          <small key={note.kind}>
            {tc(`foot.${note.kind}`, { n: note.count, phones: note.phones.map((phone) => `${phone.name} ${phone.heard_ms === null ? '' : stamp(phone.heard_ms, zone)}`.trim()).join(tc('list.and')) })}
          </small>
        ))}
      </span>
      {now && <Chip tone="good" icon="rc-received">{tc('closed.holds')}</Chip>}
    </li>
  );
}

function CloseButton({ site, period, again, onClosed }: { site: SiteRef; period: string; again: boolean; onClosed: () => void }) {
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const close = async (): Promise<void> => {
    setAsking(false);
    setProblem(null);
    try {
      await send('POST', `/sites/${site.id}/closings`, { period });
      tell(tc('closed.done'));
      onClosed();
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <>
      <Button kind="ink" onPress={() => setAsking(true)}>
        {tc(again ? 'closed.again' : 'closed.act')}
      </Button>
      <Refusal problem={problem} />
      {asking && (
        <Dialog title={tc('closed.ask', { period: periodWords(period) })} stay={tc('act.stay')} onStay={() => setAsking(false)} go={tc(again ? 'closed.again' : 'closed.act')} onGo={() => void close()}>
          <p>{tc('closed.rule')}</p>
        </Dialog>
      )}
    </>
  );
}
