import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { session } from '../../model/session';
import { SelectField, TextField } from '../../parts/fields';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { Person, Role, Team, Trade } from '../../types';
import { roleWord } from '../../words';
import { ConsoleAccess } from './ConsoleAccess';
import { numberError } from '../places/PlaceEditor';

type Back = { href: string; word: string };
type PersonDraft = { name: string; number: string; trade: Trade | ''; team: string; role: Role; pin: string; login: string };

/** The form of a person: who they are, what they do, how they sign in. */
export function PersonEditor({ siteId, id }: { siteId: string; id: string }) {
  const people = useThings<Person>(siteId, 'people');
  const back = { href: to(siteId, 'people'), word: tc('nav.people') };
  const fresh: Person = { id: '', name: '', number: '', trade: 'guard', team: null, role: 'worker', login: null, has_pin: false, left: false };
  if (id === 'new') return <PersonForm person={fresh} siteId={siteId} back={back} />;
  return (
    <FindPage load={people} pick={(one) => one.id === id} title={back.word} back={back}>
      {(person) => <PersonForm person={person} siteId={siteId} back={back} />}
    </FindPage>
  );
}

function PersonForm({ person, siteId, back }: { person: Person; siteId: string; back: Back }) {
  const teams = useThings<Team>(siteId, 'teams').value ?? [];
  const [leaving, setLeaving] = useState(false);
  const draft = useForm<PersonDraft>({
    name: person.name, number: person.number, trade: person.trade ?? '', team: person.team ?? '', role: person.role, pin: '', login: person.login ?? '',
  });
  const { value, set, errorAt, problem } = draft;
  const isNew = person.id === '';
  const { administrator } = session.value;
  // a supervisor looks after workers and viewers; who else logs in is the administrator's to say
  const roles: Role[] = administrator ? ['worker', 'viewer', 'supervisor', 'administrator'] : ['worker', 'viewer'];
  if (!roles.includes(person.role)) roles.push(person.role);
  const id = isNew ? null : person.id;
  return (
    <EditPage
      title={isNew ? tc('people.new') : person.name}
      back={back}
      draft={draft}
      onSave={() => void draft.submit((next) => keep(siteId, 'people', id, changesOf(person, next), back.href))}
      more={!isNew && !person.left && <Button kind="bad" onPress={() => setLeaving(true)}>{tc('person.leave')}</Button>}
    >
      {person.left && <p class="note">{tc('person.left.why')}</p>}
      <div class="pair">
        <TextField label={tc('person.name')} required focus={isNew} most={120} value={value.name} error={errorAt('name')} onText={(name) => set({ name })} />
        <TextField label={tc('person.number')} hint={tc('person.number.hint')} required most={20} value={value.number} error={numberError(draft)} onText={(number) => set({ number })} />
      </div>
      <div class="pair">
        <SelectField
          label={tc('person.trade')}
          value={value.trade}
          options={[{ value: '', word: tc('person.trade.none') }, ...(['guard', 'cleaner', 'technician'] as const).map((trade) => ({ value: trade, word: tc(`role.${trade}`) }))]}
          error={errorAt('trade')}
          onChoose={(trade) => set({ trade: trade as PersonDraft['trade'] })}
        />
        <SelectField
          label={tc('person.team')}
          value={value.team}
          options={[{ value: '', word: tc('person.team.none') }, ...teams.map((one) => ({ value: one.id, word: say(one.name) }))]}
          error={errorAt('team')}
          onChoose={(team) => set({ team })}
        />
        <SelectField label={tc('person.role')} value={value.role} options={roles.map((role) => ({ value: role, word: roleWord(role) }))} error={errorAt('role')} onChoose={(role) => set({ role: role as Role })} />
      </div>
      <h2 class="form__h">{tc('person.phone')}</h2>
      <TextField
        label={tc('person.pin.new')}
        hint={person.has_pin ? tc('person.pin.keep') : tc('person.pin.hint')}
        narrow
        optional
        auto="off"
        mode="numeric"
        most={6}
        value={value.pin}
        error={errorAt('pin') === null ? null : tc('person.pin.six')}
        onText={(pin) => set({ pin })}
      />
      {administrator && (
        <>
          <h2 class="form__h">{tc('person.console')}</h2>
          <TextField label={tc('login.login')} hint={tc('person.login.hint')} optional auto="off" most={60} value={value.login} error={problem?.slug === 'login-taken' ? tc('problem.login-taken') : errorAt('login')} onText={(login) => set({ login })} />
          {!isNew && <ConsoleAccess siteId={siteId} personId={person.id} name={person.name} />}
        </>
      )}
      {leaving && (
        <Dialog
          title={tc('person.leave.ask', { name: person.name })}
          stay={tc('act.stay')}
          onStay={() => setLeaving(false)}
          go={tc('person.leave')}
          goKind="bad"
          onGo={() => {
            setLeaving(false);
            void draft.submit(() => keep(siteId, 'people', id, { left: true }, back.href));
          }}
        >
          <p>{tc('person.leave.why')}</p>
        </Dialog>
      )}
    </EditPage>
  );
}

// only what was changed is sent: a supervisor may not send a log-in at all
function changesOf(person: Person, draft: PersonDraft): Record<string, unknown> {
  const all: Record<string, unknown> = { name: draft.name, number: draft.number, trade: draft.trade || null, team: draft.team || null, role: draft.role };
  const before: Record<string, unknown> = person.id === '' ? {} : { ...person };
  const changed = Object.fromEntries(Object.entries(all).filter(([name, value]) => before[name] !== value));
  if (draft.pin !== '') changed['pin'] = draft.pin.normalize('NFKC');
  const login = draft.login.trim().toLowerCase();
  if (login !== (person.login ?? '')) changed['login'] = login || null;
  return changed;
}
