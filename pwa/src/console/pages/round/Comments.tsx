import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { useLoad } from '../../model/load';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { AreaField } from '../../parts/fields';
import { Panel } from '../../parts/Page';
import { useForm } from '../../parts/useForm';
import type { RoundComment } from '../../told';

/** What the office wrote on a round, and a field to write more. What is written stays as it is. */
export function Comments({ path, zone, now }: { path: string; zone: string; now: number }) {
  const { value, problem, reload } = useLoad<{ comments: RoundComment[] }>(`${path}/comments`);
  const draft = useForm({ text: '' });
  const write = () =>
    draft.submit(async ({ text }) => {
      await send('POST', `${path}/comments`, { text });
      draft.set({ text: '' });
      reload();
    });
  return (
    <Panel title={tc('comment.title')} fact={tc('comment.why')}>
      {!value && (problem ? <Failure problem={problem} onAgain={reload} /> : <Waiting />)}
      {value && value.comments.length === 0 && <p class="meta">{tc('comment.none')}</p>}
      {value && value.comments.length > 0 && (
        <ol class="remarks">
          {value.comments.map((one) => (
            <li key={one.id}>
              <p>{one.text}</p>
              <small>{[one.by, moment(one.at_ms, zone, now)].filter((part) => part !== '').join(' · ')}</small>
            </li>
          ))}
        </ol>
      )}
      <AreaField label={tc('comment.field')} rows={2} most={1000} value={draft.value.text} error={draft.errorAt('text')} onText={(text) => draft.set({ text })} />
      <Refusal problem={draft.problem} />
      <p>
        <Button busy={draft.busy} onPress={() => void write()}>{tc('comment.act')}</Button>
      </p>
    </Panel>
  );
}
