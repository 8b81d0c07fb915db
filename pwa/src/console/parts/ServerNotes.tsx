import { tc } from '../../i18n/console';
import { moment, span } from '../../i18n/format';
import { railSite, session } from '../model/session';

/** What everybody must know of the server: that it holds the demo, that a backup took its place, that its clock is in doubt. */
export function ServerNotes() {
  const { history, clock_behind_ms: behind, organisation, administrator } = session.value;
  const zone = railSite.value?.time_zone ?? 'UTC';
  return (
    <>
      {organisation.demo && administrator && (
        <p class="note" role="status">
          {tc('demo.note')}
        </p>
      )}
      {history && (
        <p class="note" role="status">
          {tc(history.why === 'restore' ? 'history.restore' : 'history.older', { time: moment(history.since_ms, zone, Date.now()) })}
        </p>
      )}
      {behind !== undefined && behind > 0 && (
        <p class="note" role="status">
          {tc('clock.behind', { time: span(behind) })}
        </p>
      )}
    </>
  );
}
