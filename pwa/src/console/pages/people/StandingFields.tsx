import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { may } from '../../model/may';
import { session } from '../../model/session';
import { SelectField } from '../../parts/fields';
import { useThings } from '../../parts/things';
import type { Company, Role, Team } from '../../types';
import { roleWord } from '../../words';

/** Somebody's place at a site: the role, and the team and the company that go with it. */
export type StandingDraft = { role: Role; team: string; company: string };

/** Whom a supervisor looks after; every other role is the administrator's to give. */
const IN_THE_FIELD: readonly Role[] = ['worker', 'team_leader', 'contractor'];
const ALL: readonly Role[] = [...IN_THE_FIELD, 'desk', 'viewer', 'supervisor', 'administrator'];

type StandingProps = {
  siteId: string;
  value: StandingDraft;
  /** The role that the person has now, which stays in the list. */
  now: Role;
  errorAt: (path: string) => string | null;
  set: (change: Partial<StandingDraft>) => void;
};

/** The fields of a role, and in words what it lets one do. */
export function StandingFields({ siteId, value, now, errorAt, set }: StandingProps) {
  const teams = useThings<Team>(siteId, 'teams').value ?? [];
  const companies = useThings<Company>(may('change.people') ? siteId : null, 'companies').value ?? [];
  const given = session.value.administrator ? ALL : IN_THE_FIELD;
  const roles = given.includes(now) ? given : [...given, now];
  return (
    <>
      <div class="pair">
        <SelectField
          label={tc('person.role')}
          hint={tc(`role.${value.role}.why`)}
          value={value.role}
          options={roles.map((role) => ({ value: role, word: roleWord(role) }))}
          error={errorAt('role')}
          onChoose={(role) => set({ role: role as Role, ...(role === 'contractor' ? {} : { company: '' }) })}
        />
        <SelectField
          label={tc('person.team')}
          {...(value.role === 'team_leader' && value.team === '' ? { hint: tc('role.team_leader.team') } : {})}
          value={value.team}
          options={[{ value: '', word: tc('person.team.none') }, ...teams.map((one) => ({ value: one.id, word: say(one.name) }))]}
          error={errorAt('team')}
          onChoose={(team) => set({ team })}
        />
      </div>
      {value.role === 'contractor' && (
        <SelectField
          label={tc('person.company')}
          {...(companies.length === 0 ? { hint: tc('person.company.first') } : {})}
          value={value.company}
          options={[{ value: '', word: tc('person.company.choose') }, ...companies.map((one) => ({ value: one.id, word: one.name }))]}
          error={errorAt('company') === null ? null : tc('person.company.choose')}
          onChoose={(company) => set({ company })}
        />
      )}
    </>
  );
}

/** What is sent of a standing. */
export function bodyOf({ role, team, company }: StandingDraft): { role: Role; team: string | null; company: string | null } {
  return { role, team: team || null, company: company || null };
}
