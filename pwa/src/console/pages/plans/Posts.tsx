import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button, IconButton } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { send, type Problem } from '../../api';
import { asProblem } from '../../model/load';
import { tell } from '../../model/notice';
import { Refusal } from '../../parts/Answers';
import { LabelField, SelectField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { Panel } from '../../parts/Page';
import { useForm } from '../../parts/useForm';
import type { Plan, Post, Team } from '../../types';

type PostsProps = { siteId: string; posts: readonly Post[]; teams: readonly Team[]; plans: readonly Plan[]; onChanged: () => void };

/** The posts of the site: renamed, given to another team, removed when no plan needs them. */
export function Posts({ siteId, posts, teams, plans, onChanged }: PostsProps) {
  const [changing, setChanging] = useState<Post | null>(null);
  const [removing, setRemoving] = useState<Post | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  if (posts.length === 0) return null;
  const count = (post: Post) => plans.filter((plan) => plan.assignee?.kind === 'post' && plan.assignee.id === post.id).length;
  const remove = async (post: Post): Promise<void> => {
    setRemoving(null);
    setProblem(null);
    try {
      await send('DELETE', `/sites/${siteId}/posts/${post.id}`);
      tell(tc('post.removed'));
      onChanged();
    } catch (error) {
      setProblem(asProblem(error));
    }
  };
  return (
    <Panel title={tc('post.title')} fact={tc('post.why')} flush class="below">
      <Refusal problem={problem} />
      <ul class="plainlist plainlist--acts panel__b">
        {posts.map((post) => (
          <li key={post.id}>
            <span class="grow">
              <b>{say(post.name)}</b> <small>{[say(teams.find((team) => team.id === post.team)?.name ?? { zh: tc('plan.team.all'), en: '' }), tc('post.plans', { n: count(post) })].join(' · ')}</small>
            </span>
            <Button onPress={() => setChanging(post)}>{tc('post.change')}</Button>
            {count(post) === 0 && <IconButton name="bin" label={tc('list.drop', { name: say(post.name) })} onPress={() => setRemoving(post)} />}
          </li>
        ))}
      </ul>
      {changing && (
        <ChangePost
          siteId={siteId}
          post={changing}
          teams={teams}
          onClose={() => setChanging(null)}
          onDone={() => {
            setChanging(null);
            onChanged();
          }}
        />
      )}
      {removing && (
        <Dialog title={tc('post.remove.ask', { name: say(removing.name) })} stay={tc('act.stay')} onStay={() => setRemoving(null)} go={tc('post.remove')} onGo={() => void remove(removing)}>
          <p>{tc('post.remove.why')}</p>
        </Dialog>
      )}
    </Panel>
  );
}

function ChangePost({ siteId, post, teams, onDone, onClose }: { siteId: string; post: Post; teams: readonly Team[]; onDone: () => void; onClose: () => void }) {
  const draft = useForm<{ name: Label; team: string }>({ name: post.name, team: post.team ?? '' });
  const { value, set, errorAt } = draft;
  const save = () =>
    draft.submit(async (next) => {
      await send('PATCH', `/sites/${siteId}/posts/${post.id}`, { name: next.name, team: next.team || null });
      tell(tc('act.saved'));
      onDone();
    });
  return (
    <FormDialog title={tc('post.change')} go={tc('act.save')} busy={draft.busy} onStay={onClose} onGo={() => void save()}>
      <LabelField label={tc('thing.name')} focus value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <SelectField label={tc('post.team')} value={value.team} options={[{ value: '', word: tc('plan.team.all') }, ...teams.map((one) => ({ value: one.id, word: say(one.name) }))]} error={errorAt('team')} onChoose={(team) => set({ team })} />
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
