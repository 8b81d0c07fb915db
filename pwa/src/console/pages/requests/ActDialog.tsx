import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import type { Problem } from '../../api';
import { momentOf } from '../../dates';
import { Refusal } from '../../parts/Answers';
import { AreaField, SelectField, TextField } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { may } from '../../model/may';
import type { Person, SiteRef } from '../../types';
import { PlaceField } from './PlaceField';
import type { Act } from './RequestPage';
import { classes, kinds, type Desk, type Whole } from './types';

export const askable = ['order', 'answer', 'tell', 'note', 'urge', 'end', 'offer', 'sort', 'satisfied', 'dissatisfied', 'contact', 'erase'] as const;
export type Asked = (typeof askable)[number];

type Props = { asked: Asked; one: Whole; site: SiteRef; desk: Desk | null; problem: Problem | null; busy: boolean; onGo: (body: Act) => void; onStay: () => void };

/** Asks for what an act needs. What is told to who asked says so. */
export function ActDialog({ asked, one, site, desk, problem, busy, onGo, onStay }: Props) {
  const draft = useForm({
    text: '',
    to: '',
    kind: one.kind as string,
    class: one.class as string,
    urgency: one.urgency as string,
    place: one.place,
    target: one.target && { kind: one.target.kind, id: one.target.id },
    moved: false,
    department: one.department?.id ?? '',
    name: one.contact?.name ?? '',
    phone: one.contact?.phone ?? '',
    day: '',
    from: '09:00',
    until: '10:00',
  });
  const { value, set } = draft;
  const people = useThings<Person>(asked === 'order' && may('see.people') ? site.id : null, 'people').value ?? [];
  const body = (): Act => {
    switch (asked) {
      case 'order': {
        const [kind, id] = value.to.split(' ');
        return { act: 'order', text: value.text, assignee: kind && id ? { kind, id } : null };
      }
      case 'offer':
        return { act: 'offer', to: value.to };
      case 'satisfied':
      case 'dissatisfied':
        return { act: 'follow', satisfied: asked === 'satisfied', text: value.text };
      case 'contact':
        return { act: 'contact', contact: { name: value.name, phone: value.phone } };
      case 'erase':
        return { act: 'erase' };
      case 'sort': {
        const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
        return {
          act: 'sort',
          ...(value.kind !== one.kind ? { kind: value.kind } : {}),
          ...(value.class !== one.class ? { class: value.class } : {}),
          ...(value.urgency !== one.urgency ? { urgency: value.urgency } : {}),
          ...(value.place !== one.place ? { place: value.place } : {}),
          ...(value.moved ? { target: value.target } : {}),
          ...(value.department !== (one.department?.id ?? '') ? { department: value.department || null } : {}),
          ...(value.day !== '' ? { window: [momentOf(value.day, minutes(value.from), site.time_zone), momentOf(value.day, minutes(value.until), site.time_zone)] } : {}),
        };
      }
      default:
        return { act: asked, text: value.text };
    }
  };
  const teams = desk?.teams ?? [];
  const workers = people.filter((each) => !each.left && ['worker', 'team_leader', 'contractor'].includes(each.role));
  const writes = ['order', 'answer', 'tell', 'note', 'urge', 'end', 'satisfied', 'dissatisfied'].includes(asked);
  return (
    <FormDialog title={tc(`desk.ask.${asked}`)} go={tc(`desk.go.${asked}`)} goKind={asked === 'erase' ? 'bad' : 'ink'} busy={busy} onGo={() => onGo(body())} onStay={onStay}>
      {asked === 'order' && (
        <SelectField
          label={tc('desk.assign')}
          value={value.to}
          options={[{ value: '', word: tc('desk.assign.later') }, ...teams.map((team) => ({ value: `team ${team.id}`, word: `${tc('assignee.team')} · ${say(team.name)}` })), ...workers.map((each) => ({ value: `person ${each.id}`, word: `${tc('assignee.person')} · ${each.name}` }))]}
          onChoose={(to) => set({ to })}
        />
      )}
      {asked === 'offer' && (
        <SelectField label={tc('desk.to')} hint={tc('desk.to.hint')} value={value.to} options={[{ value: '', word: '—' }, ...(desk?.handlers ?? []).filter((each) => each.id !== one.owner?.id).map((each) => ({ value: each.id, word: each.name }))]} onChoose={(to) => set({ to })} />
      )}
      {asked === 'sort' && (
        <>
          <div class="pair">
            <SelectField label={tc('desk.kind')} value={value.kind} options={kinds.map((each) => ({ value: each, word: tc(`desk.kind.${each}`) }))} onChoose={(kind) => set({ kind })} />
            <SelectField label={tc('desk.class')} value={value.class} options={classes.map((each) => ({ value: each, word: tc(`desk.class.${each}`) }))} onChoose={(chosen) => set({ class: chosen })} />
          </div>
          <SelectField label={tc('desk.urgency')} value={value.urgency} options={(['normal', 'urgent', 'rescue'] as const).map((each) => ({ value: each, word: tc(`desk.urgency.${each}`) }))} onChoose={(urgency) => set({ urgency })} />
          <SelectField label={tc('desk.department')} value={value.department} options={[{ value: '', word: tc('desk.department.none') }, ...teams.map((team) => ({ value: team.id, word: say(team.name) }))]} onChoose={(department) => set({ department })} />
          <PlaceField siteId={site.id} was={one.target} onChoose={(target) => set({ target, moved: true })} />
          <TextField label={tc('desk.place')} optional most={200} value={value.place} onText={(text) => set({ place: text })} />
          <div class="pair">
            <TextField label={tc('desk.day')} optional type="date" value={value.day} onText={(day) => set({ day })} />
            {value.day !== '' && <TextField label={tc('desk.from')} type="time" narrow value={value.from} onText={(from) => set({ from })} />}
            {value.day !== '' && <TextField label={tc('desk.until')} type="time" narrow value={value.until} onText={(until) => set({ until })} />}
          </div>
        </>
      )}
      {asked === 'contact' && (
        <>
          <TextField label={tc('desk.name')} optional most={60} value={value.name} onText={(name) => set({ name })} />
          <TextField label={tc('desk.phone')} optional most={24} value={value.phone} onText={(phone) => set({ phone })} />
        </>
      )}
      {asked === 'erase' && <p>{tc('desk.erase.why')}</p>}
      {writes && <AreaField label={tc(`desk.say.${asked as 'tell'}`)} rows={3} most={2000} value={value.text} onText={(text) => set({ text })} />}
      {(asked === 'tell' || asked === 'answer') && <p class="meta">{tc('desk.shown.why')}</p>}
      <Refusal problem={problem} />
    </FormDialog>
  );
}
