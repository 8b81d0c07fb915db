import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { LabelField } from '../../parts/fields';
import { EditPage, FindPage, keep, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { Team } from '../../types';

type Back = { href: string; word: string };

/** A team: who may walk a plan together. */
export function TeamEditor({ siteId, id }: { siteId: string; id: string }) {
  const teams = useThings<Team>(siteId, 'teams');
  const back = { href: to(siteId, 'people'), word: tc('nav.people') };
  if (id === 'new') return <TeamForm team={{ id: '', name: { zh: '', en: '' } }} siteId={siteId} back={back} />;
  return (
    <FindPage load={teams} pick={(one) => one.id === id} title={tc('teams.title')} back={back}>
      {(team) => <TeamForm team={team} siteId={siteId} back={back} />}
    </FindPage>
  );
}

function TeamForm({ team, siteId, back }: { team: Team; siteId: string; back: Back }) {
  const draft = useForm({ name: team.name });
  const isNew = team.id === '';
  return (
    <EditPage
      title={isNew ? tc('teams.new') : say(team.name)}
      back={back}
      draft={draft}
      onSave={() => void draft.submit(({ name }) => keep(siteId, 'teams', isNew ? null : team.id, { name }, back.href))}
    >
      <LabelField label={tc('thing.name')} focus value={draft.value.name} errorAt={draft.errorAt} onLabel={(name) => draft.set({ name })} />
    </EditPage>
  );
}
