import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { StateWord } from '../../../ui/State';
import { Panel } from '../../parts/Page';
import type { Whereabouts } from '../../types';

/** Where each person scanned last. Nobody is followed: between two scans nothing is known. */
export function WhoWhere({ people, zone, nowMs }: { people: readonly Whereabouts[]; zone: string; nowMs: number }) {
  return (
    <Panel title={tc('who.title')} fact={tc('who.why')} flush>
      {people.length === 0 ? (
        <p class="panel__b meta">{tc('who.none')}</p>
      ) : (
        <ul class="who">
          {people.map((one) => (
            <li key={`${one.person.id} ${one.device.id}`}>
              <b>{one.person.name}</b> <span class="meta">{one.device.name}</span>
              <br />
              {one.plan ? `${say(one.plan)}${one.total !== null && one.done !== null ? ` · ${one.done}/${one.total}` : ''}` : tc('who.no_plan')}
              <br />
              <span class="meta">{one.at ? say(one.at) : tc('who.no_scan')}</span>
              <br />
              {one.silent ? (
                <StateWord look={{ tone: 'unsure', icon: 'st-unheard', word: 'state.unheard' }}>{heard(one, zone, nowMs)}</StateWord>
              ) : (
                <StateWord look={{ tone: 'calm', icon: 'rc-received', word: 'rec.received' }}>{heard(one, zone, nowMs)}</StateWord>
              )}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function heard(one: Whereabouts, zone: string, nowMs: number): string {
  return one.heard_ms === null ? tc('who.never') : tc('who.heard', { time: moment(one.heard_ms, zone, nowMs) });
}
