import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { send } from '../../api';
import { useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { session } from '../../model/session';
import { SelectField } from '../../parts/fields';
import { Failure, Waiting } from '../../parts/Answers';
import { Page } from '../../parts/Page';
import { EditPage } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, to } from '../../route';
import type { Known } from '../../types';
import { roleWord } from '../../words';
import { bodyOf, StandingFields, type StandingDraft } from './StandingFields';

/** Give somebody who works at another site already a role at this one. */
export function KnownEditor({ siteId }: { siteId: string }) {
  const loaded = useLoad<{ people: Known[] }>('/people');
  const back = { href: to(siteId, 'people'), word: tc('nav.people') };
  const others = loaded.value?.people.filter((one) => !one.left && one.roles.every(({ site }) => site !== siteId));
  if (others) return <KnownForm people={others} siteId={siteId} back={back} />;
  return (
    <Page title={tc('people.known')} crumbs={[back]}>
      {loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />}
    </Page>
  );
}

type FormProps = { people: Known[]; siteId: string; back: { href: string; word: string } };

function KnownForm({ people, siteId, back }: FormProps) {
  const draft = useForm<StandingDraft & { person: string }>({ person: '', role: 'worker', team: '', company: '' });
  const { value, set, errorAt } = draft;
  return (
    <EditPage
      title={tc('people.known')}
      back={back}
      draft={draft}
      onSave={() =>
        void draft.submit(async (next) => {
          await send('POST', `/sites/${siteId}/people/known`, { person: next.person, ...bodyOf(next) });
          tell(tc('act.saved'));
          go(back.href);
        })
      }
    >
      <SelectField
        label={tc('person.name')}
        hint={tc('people.known.why')}
        value={value.person}
        options={[{ value: '', word: tc('people.known.choose') }, ...people.map((one) => ({ value: one.id, word: wordOf(one) }))]}
        error={errorAt('person') === null ? null : tc('people.known.choose')}
        onChoose={(person) => set({ person })}
      />
      <StandingFields siteId={siteId} value={value} now={value.role} errorAt={errorAt} set={set} />
    </EditPage>
  );
}

function wordOf(one: Known): string {
  const places = one.roles.map(({ site, role }) => {
    const known = session.value.sites.find(({ id }) => id === site);
    return known ? `${say(known.name)} ${roleWord(role)}` : roleWord(role);
  });
  return [`${one.number} ${one.name}`, ...places].join(' · ');
}
