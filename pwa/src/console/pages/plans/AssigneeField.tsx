import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say, type Label } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { may } from '../../model/may';
import { SelectField, LabelField, type Option } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import type { Company, Person, Post, Team } from '../../types';

/** Whom a plan is given to: `team <id>`, `post <id>`, `person <id>`, `company <id>`, or nobody in particular. */
export function AssigneeField({ siteId, value, error, onChoose, makesPosts = true, posts: offersPosts = true, label = tc('plan.assignee'), hint = tc('plan.assignee.hint') }: { siteId: string; value: string; error: string | null; onChoose: (value: string) => void; makesPosts?: boolean; posts?: boolean; label?: string; hint?: string }) {
  const [makes, setMakes] = useState(false);
  const teams = useThings<Team>(siteId, 'teams').value ?? [];
  const posts = useThings<Post>(offersPosts ? siteId : null, 'posts');
  const people = useThings<Person>(may('see.people') ? siteId : null, 'people').value ?? [];
  const companies = useThings<Company>(may('change.people') ? siteId : null, 'companies').value ?? [];
  const worker = (one: Person) => !one.left && ['worker', 'team_leader', 'contractor'].includes(one.role);
  const options: Option[] = [
    { value: '', word: tc('plan.team.all') },
    ...teams.map((one) => ({ value: `team ${one.id}`, word: `${tc('assignee.team')} · ${say(one.name)}` })),
    ...(posts.value ?? []).map((one) => ({ value: `post ${one.id}`, word: `${tc('assignee.post')} · ${say(one.name)}` })),
    ...companies.map((one) => ({ value: `company ${one.id}`, word: `${tc('assignee.company')} · ${one.name}` })),
    ...people.filter(worker).map((one) => ({ value: `person ${one.id}`, word: `${tc('assignee.person')} · ${one.name}` })),
  ];
  return (
    <div class="field">
      <SelectField label={label} hint={hint} value={value} options={options} error={error} onChoose={onChoose} />
      {makesPosts && (
        <span>
          <Button kind="quiet" icon="plus" onPress={() => setMakes(true)}>
            {tc('post.new')}
          </Button>
        </span>
      )}
      {makes && (
        <NewPost
          siteId={siteId}
          teams={teams}
          onClose={() => setMakes(false)}
          onMade={(post) => {
            setMakes(false);
            posts.put([...(posts.value ?? []), post]);
            onChoose(`post ${post.id}`);
          }}
        />
      )}
    </div>
  );
}

function NewPost({ siteId, teams, onMade, onClose }: { siteId: string; teams: readonly Team[]; onMade: (post: Post) => void; onClose: () => void }) {
  const draft = useForm<{ name: Label; team: string }>({ name: { zh: '', en: '' }, team: '' });
  const { value, set, errorAt } = draft;
  return (
    <FormDialog
      title={tc('post.new')}
      go={tc('post.make')}
      busy={draft.busy}
      onStay={onClose}
      onGo={() => void draft.submit(async (next) => onMade(await send<Post>('POST', `/sites/${siteId}/posts`, { name: next.name, team: next.team || null })))}
    >
      <p>{tc('post.why')}</p>
      <LabelField label={tc('thing.name')} focus value={value.name} errorAt={errorAt} onLabel={(name) => set({ name })} />
      <SelectField label={tc('post.team')} value={value.team} options={[{ value: '', word: tc('plan.team.all') }, ...teams.map((one) => ({ value: one.id, word: say(one.name) }))]} error={errorAt('team')} onChoose={(team) => set({ team })} />
    </FormDialog>
  );
}
