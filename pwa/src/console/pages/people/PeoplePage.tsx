import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { mayWrite, session } from '../../model/session';
import { ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import { to } from '../../route';
import type { PageProps, Person, Team } from '../../types';
import { roleWord } from '../../words';
import { Invitations } from './Invitations';
import { PersonEditor } from './PersonEditor';
import { TeamEditor } from './TeamEditor';

/** The people of the site and their teams. */
export function PeoplePage({ site, id }: PageProps) {
  if (id?.startsWith('team.')) return <TeamEditor siteId={site.id} id={id.slice('team.'.length)} />;
  if (id !== null) return <PersonEditor siteId={site.id} id={id} />;
  return <Lists siteId={site.id} />;
}

function Lists({ siteId }: { siteId: string }) {
  const people = useThings<Person>(siteId, 'people');
  const teams = useThings<Team>(siteId, 'teams');
  const teamOf = (id: string | null) => {
    const team = teams.value?.find((one) => one.id === id);
    return team ? say(team.name) : '—';
  };
  return (
    <ListPage title={tc('nav.people')} newHref={newOf(siteId, 'people')} newWord={tc('people.new')} loads={[people, teams]}>
      {() => (
        <>
          {people.value!.length === 0 ? (
            <NoThings icon="users" title={tc('people.empty')} why={tc('people.empty.why')} href={newOf(siteId, 'people')} act={tc('people.new')} />
          ) : (
            <Table
              caption={tc('nav.people')}
              rows={[...people.value!].sort((a, b) => Number(a.left) - Number(b.left) || a.number.localeCompare(b.number, 'zh', { numeric: true }))}
              quiet={(one) => one.left}
              columns={[
                { head: tc('person.number'), cell: (one) => <span class="num">{one.number}</span> },
                { head: tc('person.name'), wide: true, cell: (one) => <a href={to(siteId, 'people', one.id)}>{one.name}</a> },
                { head: tc('person.role'), cell: (one) => roleWord(one.role) },
                { head: tc('person.trade'), cell: (one) => (one.trade ? tc(`role.${one.trade}`) : '—') },
                { head: tc('person.team'), cell: (one) => teamOf(one.team) },
                { head: tc('person.pin'), cell: (one) => tc(one.left ? 'person.left' : one.has_pin ? 'person.pin.set' : 'person.pin.none') },
                { head: tc('login.login'), cell: (one) => one.login ?? '—' },
              ]}
            />
          )}
          {session.value.administrator && <Invitations siteId={siteId} />}
          <div class="list-h">
            <h2>{tc('teams.title')}</h2>
            {mayWrite.value && <Button icon="plus" href={newOf(siteId, 'people', 'team.new')}>{tc('teams.new')}</Button>}
          </div>
          {teams.value!.length === 0 ? (
            <p class="meta">{tc('teams.empty')}</p>
          ) : (
            <Table
              caption={tc('teams.title')}
              rows={teams.value!}
              columns={[
                { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(siteId, 'people', `team.${one.id}`)} lang={langOf(one.name)}>{say(one.name)}</a> },
                { head: tc('teams.size'), number: true, cell: (one) => tc('teams.size.n', { n: people.value!.filter((person) => person.team === one.id && !person.left).length }) },
              ]}
            />
          )}
        </>
      )}
    </ListPage>
  );
}
