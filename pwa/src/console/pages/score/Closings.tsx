import { tc } from '../../../i18n/console';
import { useState } from 'preact/hooks';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { stamp } from '../../dates';
import type { Loaded } from '../../model/load';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { CheckField, TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import { shareWords } from './parts';
import { periodWords } from './periods';
import type { Closing, ClosingList, Reporting } from './types';

/** How a site closes its periods, and those that it has closed. */
export function Closings({ site, period, loaded, onSettings }: { site: SiteRef; period: string; loaded: Loaded<ClosingList>; onSettings: () => void }) {
  if (loaded.value === null) return loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />;
  const { settings, closings } = loaded.value;
  return (
    <>
      <Settings site={site} settings={settings} onChanged={onSettings} />
      <p class="meta">{tc(closings.length === 0 ? 'closed.none' : 'closed.list')}</p>
      {closings.length > 0 && <List site={site} period={period} closings={closings} />}
    </>
  );
}

function Settings({ site, settings, onChanged }: { site: SiteRef; settings: Reporting; onChanged: () => void }) {
  const [open, setOpen] = useState(false);
  const n = settings.close_after_days;
  const days = tc(n === 0 ? 'closed.days.none' : n === 1 ? 'closed.days.one' : 'closed.days', { n });
  return (
    <div class="closing">
      <p class="grow">{tc(settings.closes_itself ? 'closed.how.itself' : 'closed.how.hand', { days })}</p>
      {may('change.plan') && (
        <span class="acts noprint">
          <Button onPress={() => setOpen(true)}>{tc('closed.settings')}</Button>
        </span>
      )}
      {open && (
        <SettingsDialog
          site={site}
          settings={settings}
          onStay={() => setOpen(false)}
          onDone={() => {
            setOpen(false);
            onChanged();
          }}
        />
      )}
    </div>
  );
}

function SettingsDialog({ site, settings, onStay, onDone }: { site: SiteRef; settings: Reporting; onStay: () => void; onDone: () => void }) {
  const draft = useForm({ days: String(settings.close_after_days), itself: settings.closes_itself });
  const { value, set, errorAt } = draft;
  const save = () =>
    draft.submit(async (next) => {
      // an empty field is no nought: the server says that it lacks
      const days = next.days.trim() === '' ? null : Number(next.days);
      await send<Reporting>('PATCH', `/sites/${site.id}/reporting`, { close_after_days: days, closes_itself: next.itself });
      tell(tc('act.saved'));
      onDone();
    });
  return (
    <FormDialog title={tc('closed.settings')} go={tc('act.save')} busy={draft.busy} onStay={onStay} onGo={() => void save()}>
      <TextField label={tc('closed.after')} hint={tc('closed.after.why')} type="number" mode="numeric" min="0" max="90" focus value={value.days} error={errorAt('close_after_days')} onText={(days) => set({ days })} />
      <CheckField label={tc('closed.months')} hint={tc('closed.months.why')} checked={value.itself} onCheck={(itself) => set({ itself })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

/** Each closed period by its last revision; its page has the earlier ones. */
function List({ site, period, closings }: { site: SiteRef; period: string; closings: Closing[] }) {
  return (
    <table class="stack closings">
      <caption class="vh">{tc('closed.list')}</caption>
      <thead>
        <tr>
          <th scope="col">{tc('closed.period')}</th>
          <th scope="col" class="r">{tc('score.share')}</th>
          <th scope="col">{tc('closed.edition')}</th>
          <th scope="col">{tc('closed.when')}</th>
        </tr>
      </thead>
      <tbody>
        {closings.map((one) => (
          <tr key={one.id}>
            <td class="w">{one.period === period ? <b>{periodWords(one.period)}</b> : <a href={to(site.id, 'score', null, { period: one.period })}>{periodWords(one.period)}</a>}</td>
            <td class="r num" data-label={tc('score.share')}>
              {shareWords(one.share, one.share)}
            </td>
            <td class="nb">{tc('closed.revision', { n: one.revision })}</td>
            <td>{tc(one.itself ? 'closed.itself' : one.by ? 'closed.by' : 'closed.at', { who: one.by ?? '', time: stamp(one.closed_ms, site.time_zone) })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
