import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { send } from '../../api';
import { may } from '../../model/may';
import { tell } from '../../model/notice';
import { session } from '../../model/session';
import { SelectField, TextField } from '../../parts/fields';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, to } from '../../route';
import type { Person, Trade } from '../../types';
import { ON_ROSTER, OwnBadge } from './BadgeButton';
import { Certificates } from './Certificates';
import { ConsoleAccess } from './ConsoleAccess';
import { bodyOf, StandingFields, type StandingDraft } from './StandingFields';
import { numberError } from '../places/PlaceEditor';

type Back = { href: string; word: string };
type PersonDraft = StandingDraft & { name: string; number: string; trade: Trade | ''; pin: string; login: string };

/** The form of a person: who they are, what they do, how they sign in. */
export function PersonEditor({ siteId, id }: { siteId: string; id: string }) {
  const people = useThings<Person>(siteId, 'people');
  const back = { href: to(siteId, 'people'), word: tc('nav.people') };
  const fresh: Person = { id: '', name: '', number: '', trade: 'guard', team: null, company: null, role: 'worker', login: null, has_pin: false, has_badge: false, left: false };
  if (id === 'new') return <PersonForm person={fresh} siteId={siteId} back={back} />;
  return (
    <FindPage load={people} pick={(one) => one.id === id} title={back.word} back={back}>
      {(person) => <PersonForm person={person} siteId={siteId} back={back} />}
    </FindPage>
  );
}

function PersonForm({ person, siteId, back }: { person: Person; siteId: string; back: Back }) {
  const [asking, setAsking] = useState<'leave' | 'end' | null>(null);
  const draft = useForm<PersonDraft>({
    name: person.name, number: person.number, trade: person.trade ?? '', team: person.team ?? '', company: person.company ?? '', role: person.role, pin: '', login: person.login ?? '',
  });
  const { value, set, errorAt, problem } = draft;
  const isNew = person.id === '';
  const { administrator } = session.value;
  const id = isNew ? null : person.id;
  return (
    <EditPage
      title={isNew ? tc('people.new') : person.name}
      back={back}
      draft={draft}
      onSave={() => void draft.submit((next) => keep(siteId, 'people', id, changesOf(person, next), back.href))}
      may={may('change.people')}
      more={
        !isNew && !person.left && (
          <>
            <Button kind="bad" onPress={() => setAsking('end')}>{tc('person.end')}</Button>
            <Button kind="bad" onPress={() => setAsking('leave')}>{tc('person.leave')}</Button>
          </>
        )
      }
    >
      {person.left && <p class="note">{tc('person.left.why')}</p>}
      <div class="pair">
        <TextField label={tc('person.name')} required focus={isNew} most={120} value={value.name} error={errorAt('name')} onText={(name) => set({ name })} />
        <TextField label={tc('person.number')} hint={tc('person.number.hint')} required most={20} value={value.number} error={numberError(draft)} onText={(number) => set({ number })} />
      </div>
      <SelectField
        label={tc('person.trade')}
        narrow
        value={value.trade}
        options={[{ value: '', word: tc('person.trade.none') }, ...(['guard', 'cleaner', 'technician'] as const).map((trade) => ({ value: trade, word: tc(`role.${trade}`) }))]}
        error={errorAt('trade')}
        onChoose={(trade) => set({ trade: trade as PersonDraft['trade'] })}
      />
      <StandingFields siteId={siteId} value={value} now={person.role} errorAt={errorAt} set={set} />
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
      {!isNew && may('change.people') && ON_ROSTER.includes(person.role) && !person.left && <OwnBadge siteId={siteId} person={person} />}
      {!isNew && !person.left && <Certificates siteId={siteId} personId={person.id} held={person.certificates ?? []} />}
      {administrator && (
        <>
          <h2 class="form__h">{tc('person.console')}</h2>
          <TextField label={tc('login.login')} hint={tc('person.login.hint')} optional auto="off" most={60} value={value.login} error={problem?.slug === 'login-taken' ? tc('problem.login-taken') : errorAt('login')} onText={(login) => set({ login })} />
          {!isNew && <ConsoleAccess siteId={siteId} personId={person.id} name={person.name} />}
        </>
      )}
      {!isNew && may('export') && (
        <>
          <h2 class="form__h">{tc('data.title')}</h2>
          <Button icon="doc" href={to(siteId, 'data', person.id)}>{tc('data.open')}</Button>
        </>
      )}
      {asking && (
        <Dialog
          title={tc(`person.${asking}.ask`, { name: person.name })}
          stay={tc('act.stay')}
          onStay={() => setAsking(null)}
          go={tc(`person.${asking}`)}
          goKind="bad"
          onGo={() => {
            setAsking(null);
            void draft.submit(() => (asking === 'leave' ? keep(siteId, 'people', id, { left: true }, back.href) : endRole(siteId, person.id, back.href)));
          }}
        >
          <p>{tc(`person.${asking}.why`)}</p>
        </Dialog>
      )}
    </EditPage>
  );
}

async function endRole(siteId: string, person: string, back: string): Promise<void> {
  await send('DELETE', `/sites/${siteId}/people/${person}`);
  tell(tc('person.ended'));
  go(back);
}

// only what was changed is sent: a supervisor may not send a log-in at all
function changesOf(person: Person, draft: PersonDraft): Record<string, unknown> {
  const all: Record<string, unknown> = { name: draft.name, number: draft.number, trade: draft.trade || null, ...bodyOf(draft) };
  const before: Record<string, unknown> = person.id === '' ? { company: null } : { ...person };
  const changed = Object.fromEntries(Object.entries(all).filter(([name, value]) => before[name] !== value));
  if (draft.pin !== '') changed['pin'] = draft.pin.normalize('NFKC');
  const login = draft.login.trim().toLowerCase();
  if (login !== (person.login ?? '')) changed['login'] = login || null;
  return changed;
}
