import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { mayAt } from '../../model/may';
import { loadSession, session } from '../../model/session';
import { Failure, Waiting } from '../../parts/Answers';
import { LabelField, SelectField, TextField } from '../../parts/fields';
import { Page } from '../../parts/Page';
import { EditPage, Table } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, to, toSites } from '../../route';
import type { Site } from '../../types';
import { HolidaysPage } from './HolidaysPage';

/** The sites: the list, a new one, one of them, or the holidays that they keep. */
export function SitesPage({ id }: { id: string | null }) {
  const { value, problem, reload } = useLoad<{ sites: Site[] }>('/sites');
  if (id === 'holidays') return <HolidaysPage />;
  if (id === 'new') return <SiteForm site={null} />;
  if (!value) return <Page title={tc('nav.sites')}>{problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />}</Page>;
  const one = id === null ? undefined : value.sites.find((site) => site.id === id);
  return one ? <SiteForm site={one} /> : <List sites={value.sites} />;
}

function List({ sites }: { sites: Site[] }) {
  return (
    <Page
      title={tc('nav.sites')}
      sub={session.value.organisation.name}
      acts={
        <>
          <Button href={toSites('holidays')}>{tc('holidays.title')}</Button>
          {session.value.administrator && <Button kind="ink" icon="plus" href={toSites('new')}>{tc('sites.new')}</Button>}
        </>
      }
    >
      {sites.length === 0 ? (
        <p class="note">{tc('sites.empty')}</p>
      ) : (
        <Table
          caption={tc('nav.sites')}
          rows={sites}
          columns={[
            { head: tc('thing.name'), wide: true, cell: (one) => <a href={toSites(one.id)} lang={langOf(one.name)}>{say(one.name)}</a> },
            { head: tc('site.zone'), cell: (one) => one.time_zone },
            { head: tc('site.start'), cell: (one) => clockOf(one.day_start_min) },
            { head: tc('site.kind'), cell: (one) => tc(one.demo ? 'site.demo' : 'site.real') },
            { head: tc('nav.board'), cell: (one) => <a href={to(one.id, 'board')}>{tc('site.open')}</a> },
          ]}
        />
      )}
    </Page>
  );
}

function SiteForm({ site }: { site: Site | null }) {
  const mine = session.value.sites.find((one) => one.id === site?.id);
  const may = session.value.administrator || (mine !== undefined && mayAt(mine, 'change.plan'));
  const draft = useForm({
    name: site?.name ?? { zh: '', en: '' },
    zone: site?.time_zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    start: clockOf(site?.day_start_min ?? 360),
    quiet: String(site?.quiet_lock_min ?? 20),
    // a new site is most often one that keeps China's holidays
    holidays: site?.holidays ?? 'CN',
    dayFrom: site?.daytime ? clockOf(site.daytime.from_min) : '',
    dayTo: site?.daytime ? clockOf(site.daytime.to_min) : '',
  });
  const { value, set, errorAt } = draft;
  const body = ({ name, zone, start, quiet, holidays, dayFrom, dayTo }: typeof value) => ({
    name,
    ...(site ? {} : { time_zone: zone.trim() }),
    day_start_min: minutesOf(start),
    quiet_lock_min: Number(quiet),
    holidays,
    daytime: dayFrom === '' && dayTo === '' ? null : { from_min: minutesOf(dayFrom), to_min: minutesOf(dayTo) },
  });
  return (
    <EditPage
      title={site ? say(site.name) : tc('sites.new')}
      back={{ href: toSites(), word: tc('nav.sites') }}
      draft={draft}
      may={may}
      onSave={() =>
        void draft.submit(async (next) => {
          const kept = site ? await send<Site>('PATCH', `/sites/${site.id}`, body(next)) : await send<Site>('POST', '/sites', body(next));
          await loadSession();
          tell(tc('act.saved'));
          // a new site begins with its service plan
          go(site ? toSites() : to(kept.id, 'service', 'template'));
        })
      }
    >
      <LabelField label={tc('thing.name')} focus={site === null} value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      {site ? (
        <p class="meta">{tc('site.zone.fixed', { zone: site.time_zone })}</p>
      ) : (
        <TextField label={tc('site.zone')} hint={tc('site.zone.hint')} required most={64} value={value.zone} error={errorAt('time_zone')} onText={(zone) => set({ zone })} />
      )}
      <div class="pair">
        <TextField label={tc('site.start')} hint={tc('site.start.hint')} type="time" required value={value.start} error={errorAt('day_start_min')} onText={(start) => set({ start })} />
        <TextField label={tc('site.quiet')} hint={tc('site.quiet.hint')} type="number" min="1" max="720" mode="numeric" value={value.quiet} error={errorAt('quiet_lock_min')} onText={(quiet) => set({ quiet })} />
        <SelectField
          label={tc('site.holidays')}
          hint={tc('site.holidays.hint')}
          value={value.holidays}
          options={(['CN', 'none'] as const).map((one) => ({ value: one, word: tc(`site.holidays.${one}`) }))}
          error={errorAt('holidays')}
          onChoose={(holidays) => set({ holidays: holidays as Site['holidays'] })}
        />
        <TextField label={tc('template.day_from')} hint={tc('template.day.hint')} optional type="time" value={value.dayFrom} error={errorAt('daytime.from_min')} onText={(dayFrom) => set({ dayFrom })} />
        <TextField label={tc('template.day_to')} optional type="time" value={value.dayTo} error={errorAt('daytime.to_min') ?? errorAt('daytime')} onText={(dayTo) => set({ dayTo })} />
      </div>
      {value.holidays === 'CN' && <p class="meta"><a href={toSites('holidays')}>{tc('holidays.open')}</a></p>}
    </EditPage>
  );
}

function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

function minutesOf(clock: string): number {
  const [hours = '0', minutes = '0'] = clock.split(':');
  return Number(hours) * 60 + Number(minutes);
}
