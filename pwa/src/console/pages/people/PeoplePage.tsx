import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { may } from '../../model/may';
import { session } from '../../model/session';
import { ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import { to } from '../../route';
import type { Company, PageProps, Person, Team } from '../../types';
import { roleWord } from '../../words';
import { BadgeButton, ON_ROSTER } from './BadgeButton';
import { CompanyEditor } from './CompanyEditor';
import { Invitations } from './Invitations';
import { KnownEditor } from './KnownEditor';
import { PersonEditor } from './PersonEditor';
import { TeamEditor } from './TeamEditor';

/** The people of the site and their teams. */
export function PeoplePage({ site, id }: PageProps) {
  if (id === 'known') return <KnownEditor siteId={site.id} />;
  if (id?.startsWith('company.')) return <CompanyEditor siteId={site.id} id={id.slice('company.'.length)} />;
  if (id?.startsWith('team.')) return <TeamEditor siteId={site.id} id={id.slice('team.'.length)} />;
  if (id !== null) return <PersonEditor siteId={site.id} id={id} />;
  return <Lists siteId={site.id} />;
}

function Lists({ siteId }: { siteId: string }) {
  const people = useThings<Person>(siteId, 'people');
  const teams = useThings<Team>(may('see.plan') ? siteId : null, 'teams');
  const companies = useThings<Company>(may('change.people') ? siteId : null, 'companies');
  const onRoster = (people.value ?? []).filter((one) => !one.left && ON_ROSTER.includes(one.role)).map(({ id }) => id);
  const teamOf = (id: string | null) => {
    const team = teams.value?.find((one) => one.id === id);
    return team ? say(team.name) : '—';
  };
  const companyOf = (one: Person) => companies.value?.find(({ id }) => id === one.company)?.name;
  return (
    <ListPage title={tc('nav.people')} needs="change.people" newHref={newOf(siteId, 'people')} newWord={tc('people.new')} loads={may('see.plan') ? [people, teams] : [people]}>
      {() => (
        <>
          {people.value!.length === 0 ? (
            <NoThings icon="users" title={tc('people.empty')} why={tc('people.empty.why')} href={newOf(siteId, 'people')} act={tc('people.new')} needs="change.people" />
          ) : (
            <Table
              caption={tc('nav.people')}
              rows={[...people.value!].sort((a, b) => Number(a.left) - Number(b.left) || a.number.localeCompare(b.number, 'zh', { numeric: true }))}
              quiet={(one) => one.left}
              columns={[
                { head: tc('person.number'), cell: (one) => <span class="num">{one.number}</span> },
                { head: tc('person.name'), wide: true, cell: (one) => <a href={to(siteId, 'people', one.id)}>{one.name}</a> },
                { head: tc('person.role'), cell: (one) => [roleWord(one.role), companyOf(one)].filter(Boolean).join(' · ') },
                { head: tc('person.trade'), cell: (one) => (one.trade ? tc(`role.${one.trade}`) : '—') },
                { head: tc('person.team'), cell: (one) => teamOf(one.team) },
                { head: tc('person.pin'), cell: (one) => tc(one.left ? 'person.left' : one.has_pin ? 'person.pin.set' : 'person.pin.none') },
                { head: tc('person.badge'), cell: (one) => (one.left || !ON_ROSTER.includes(one.role) ? '—' : tc(one.has_badge ? 'person.badge.set' : 'person.badge.none')) },
                { head: tc('login.login'), cell: (one) => one.login ?? '—' },
              ]}
            />
          )}
          <div class="acts below">
            {session.value.administrator && <Button icon="plus" href={to(siteId, 'people', 'known')}>{tc('people.known')}</Button>}
            {may('change.people') && onRoster.length > 1 && <BadgeButton siteId={siteId} people={onRoster} />}
          </div>
          {session.value.administrator && <Invitations siteId={siteId} />}
          {may('see.plan') && <Teams siteId={siteId} teams={teams.value!} people={people.value!} />}
          {companies.value && <Companies siteId={siteId} companies={companies.value} people={people.value!} />}
        </>
      )}
    </ListPage>
  );
}

function Teams({ siteId, teams, people }: { siteId: string; teams: Team[]; people: Person[] }) {
  return (
    <>
      <div class="list-h">
        <h2>{tc('teams.title')}</h2>
        {may('change.plan') && <Button icon="plus" href={newOf(siteId, 'people', 'team.new')}>{tc('teams.new')}</Button>}
      </div>
      {teams.length === 0 ? (
        <p class="meta">{tc('teams.empty')}</p>
      ) : (
        <Table
          caption={tc('teams.title')}
          rows={teams}
          columns={[
            { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(siteId, 'people', `team.${one.id}`)} lang={langOf(one.name)}>{say(one.name)}</a> },
            { head: tc('teams.size'), number: true, cell: (one) => tc('teams.size.n', { n: people.filter((person) => person.team === one.id && !person.left).length }) },
          ]}
        />
      )}
    </>
  );
}

// the companies belong to the organisation; only its administrators change them
function Companies({ siteId, companies, people }: { siteId: string; companies: Company[]; people: Person[] }) {
  const { administrator } = session.value;
  if (companies.length === 0 && !administrator) return null;
  return (
    <>
      <div class="list-h">
        <h2>{tc('companies.title')}</h2>
        {administrator && <Button icon="plus" href={to(siteId, 'people', 'company.new')}>{tc('companies.new')}</Button>}
      </div>
      {companies.length === 0 ? (
        <p class="meta">{tc('companies.empty')}</p>
      ) : (
        <Table
          caption={tc('companies.title')}
          rows={companies}
          columns={[
            { head: tc('thing.name'), wide: true, cell: (one) => (administrator ? <a href={to(siteId, 'people', `company.${one.id}`)}>{one.name}</a> : one.name) },
            { head: tc('companies.here'), number: true, cell: (one) => tc('teams.size.n', { n: people.filter((person) => person.company === one.id && !person.left).length }) },
          ]}
        />
      )}
    </>
  );
}
