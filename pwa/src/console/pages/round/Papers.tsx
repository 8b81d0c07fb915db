import { tc } from '../../../i18n/console';
import { clockTime, moment } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Failure } from '../../parts/Answers';
import { Panel } from '../../parts/Page';
import type { PaperSheet } from '../../told';
import type { Round } from '../../types';

export type PapersProps = { round: Round; path: string; siteId: string; zone: string; onEnter: () => void };

/** What was done on paper: it claims, and proves nothing. */
export function Papers({ round, path, siteId, zone, onEnter }: PapersProps) {
  const { value, problem, reload } = useLoad<{ papers: PaperSheet[] }>(may('see.evidence') ? `${path}/papers` : null);
  const sheets = value?.papers ?? [];
  const mayEnter = may('excuse') && round.state !== 'upcoming';
  if (sheets.length === 0 && !mayEnter && !problem) return null;
  return (
    <Panel title={tc('paper.title')} fact={tc('paper.fact')}>
      {problem && <Failure problem={problem} onAgain={reload} />}
      {sheets.length > 0 && (
        <ul class="marks">
          {sheets.map((sheet) => (
            <li key={sheet.id} data-tone="calm">
              <Icon name="st-unproven" />
              <div>
                <b>{tc('paper.of', { name: sheet.person.name, n: sheet.stops.length })}</b>
                <p>{times(sheet, round, zone)}</p>
                <p>{sheet.why}</p>
                <p>{tc('paper.entered', { name: sheet.entered_by, time: moment(sheet.entered_ms, zone, round.to_ms) })}</p>
                {sheet.photo && may('excuse') && (
                  <a href={`/api/v1/sites/${siteId}/papers/photos/${sheet.photo}`} download>
                    {tc('paper.photo.get')}
                  </a>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {mayEnter && (
        <p>
          <Button onPress={onEnter}>{tc('paper.act')}</Button>
        </p>
      )}
    </Panel>
  );
}

function times(sheet: PaperSheet, round: Round, zone: string): string {
  const names = new Map(round.stops.map((stop) => [stop.id, `${stop.number} ${stop.name ? say(stop.name) : ''}`.trim()]));
  return sheet.stops.map((one) => `${clockTime(one.at_ms, zone)} ${names.get(one.stop) ?? ''}`.trim()).join(tc('list.and'));
}
