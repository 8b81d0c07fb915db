import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { stamp } from '../../dates';
import { useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { session } from '../../model/session';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { FormDialog } from '../../parts/FormDialog';
import { Page, Panel } from '../../parts/Page';
import { useForm } from '../../parts/useForm';
import { toSites } from '../../route';
import type { HolidayYear } from './days';
import { YearDays } from './YearDays';
import { YearEditor } from './YearEditor';

/** Where China's calendar holds. */
const WALL = 'Asia/Shanghai';

/** This year's days off and working days and the next's: what is known, and what the office enters itself. */
export function HolidaysPage() {
  const { value, problem, reload } = useLoad<{ years: HolidayYear[] }>('/holidays');
  const [editing, setEditing] = useState<number | null>(null);
  const title = tc('holidays.title');
  return (
    <Page title={title} crumbs={[{ href: toSites(), word: tc('nav.sites') }, { word: title }]}>
      <p class="note">{tc('holidays.why')}</p>
      {!value && (problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />)}
      {value?.years.map((year) => (
        <Panel key={year.year} class="below" title={String(year.year)} fact={source(year)}>
          <YearDays year={year} />
          {!session.value.administrator ? null : editing === year.year ? (
            <YearEditor
              year={year}
              onBack={() => setEditing(null)}
              onDone={() => {
                setEditing(null);
                reload();
              }}
            />
          ) : (
            <Acts year={year} onEdit={() => setEditing(year.year)} onDone={reload} />
          )}
        </Panel>
      ))}
    </Page>
  );
}

function Acts({ year, onEdit, onDone }: { year: HolidayYear; onEdit: () => void; onDone: () => void }) {
  const [asking, setAsking] = useState(false);
  const draft = useForm({});
  const takeBack = () =>
    draft.submit(async () => {
      await send('POST', '/holidays', { year: year.year, free: [], working: [] });
      setAsking(false);
      tell(tc('holidays.taken_back'));
      onDone();
    });
  return (
    <p class="acts below">
      <Button onPress={onEdit}>
        {tc(year.said ? 'holidays.edit' : 'holidays.enter', { year: year.year })}
      </Button>
      {year.said && <Button kind="quiet" onPress={() => setAsking(true)}>{tc('holidays.take_back', { year: year.year })}</Button>}
      {asking && (
        <FormDialog title={tc('holidays.take_back', { year: year.year })} go={tc('holidays.take_back.go')} goKind="bad" busy={draft.busy} onGo={() => void takeBack()} onStay={() => setAsking(false)}>
          <p>{tc(year.in_library ? 'holidays.take_back.library' : 'holidays.take_back.week')}</p>
          <Refusal problem={draft.problem} />
        </FormDialog>
      )}
    </p>
  );
}

function source({ in_library, said }: HolidayYear): string {
  if (said) {
    const when = { n: said.number, time: stamp(said.at_ms, WALL) };
    return tc(in_library ? 'holidays.said_both' : 'holidays.said', when);
  }
  return tc(in_library ? 'holidays.library' : 'holidays.unknown');
}
