import { useEffect, useRef, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { moment } from '../../../i18n/format';
import { say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { get, send } from '../../api';
import { momentOf } from '../../dates';
import { useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { AreaField, SelectField, TextField } from '../../parts/fields';
import { Refusal } from '../../parts/Answers';
import { Page } from '../../parts/Page';
import { useForm } from '../../parts/useForm';
import { go, to } from '../../route';
import type { SiteRef } from '../../types';
import { PlaceField } from './PlaceField';
import { channels, classes, kinds, type Caller, type Desk, type Whole } from './types';

type Values = { kind: string; class: string; channel: string; text: string; place: string; target: { kind: string; id: string } | null; name: string; phone: string; department: string; urgency: string; day: string; from: string; until: string };

/** Entered while somebody is on the phone: words first, all by keyboard, a caller who is known is seen. */
export function NewRequest({ site }: { site: SiteRef }) {
  const draft = useForm<Values>({ kind: 'repair', class: 'other', channel: 'phone', text: '', place: '', target: null, name: '', phone: '', department: '', urgency: '', day: '', from: '09:00', until: '10:00' });
  const { value, set, errorAt } = draft;
  const desk = useLoad<Desk>(`/sites/${site.id}/desk`).value;
  const callers = useCallers(site.id, value.phone);
  const back = to(site.id, 'requests');
  const form = useRef<HTMLFormElement>(null);
  const save = () =>
    draft.submit(async (typed) => {
      const minutes = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
      const window = typed.day === '' ? null : [momentOf(typed.day, minutes(typed.from), site.time_zone), momentOf(typed.day, minutes(typed.until), site.time_zone)];
      const made = await send<Whole>('POST', `/sites/${site.id}/requests`, {
        kind: typed.kind,
        class: typed.class,
        channel: typed.channel,
        text: typed.text,
        place: typed.place,
        target: typed.target,
        department: typed.department || null,
        urgency: typed.urgency || null,
        window,
        contact: typed.name || typed.phone ? { name: typed.name, phone: typed.phone } : null,
      });
      tell(tc('desk.entered', { number: made.number }));
      go(to(site.id, 'requests', made.id));
    });
  useEffect(() => {
    form.current?.querySelector('textarea')?.focus(); // somebody is talking already
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) form.current?.requestSubmit();
    };
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, []);
  return (
    <Page title={tc('desk.new')} crumbs={[{ href: back, word: tc('nav.requests') }, { word: tc('desk.new') }]}>
      <form
        ref={form}
        class="form form--page"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <AreaField label={tc('desk.text')} rows={3} most={2000} value={value.text} error={errorAt('text')} onText={(text) => set({ text })} />
        <div class="pair">
          <TextField label={tc('desk.phone')} optional auto="off" mode="text" most={24} value={value.phone} error={errorAt('contact.phone')} onText={(phone) => set({ phone })} />
          <TextField label={tc('desk.name')} optional auto="off" most={60} value={value.name} error={errorAt('contact.name')} onText={(name) => set({ name })} />
        </div>
        {callers.length > 0 && (
          <div class="note" role="status">
            <b>{tc('desk.known', { name: callers[0]?.name || value.phone })}</b>
            <ul class="plainlist">
              {callers.map((one) => (
                <li key={one.id}>
                  <a href={to(site.id, 'requests', one.id)}>
                    <span class="num">{one.number}</span> {tc(`desk.kind.${one.kind}`)} · {tc(`desk.state.${one.state}`)}
                  </a>{' '}
                  {moment(one.opened_ms, site.time_zone, Date.now())} · {one.text}
                </li>
              ))}
            </ul>
            {value.name === '' && callers[0]?.name && (
              <Button kind="quiet" onPress={() => set({ name: callers[0]?.name ?? '', place: value.place || (callers[0]?.place ?? '') })}>
                {tc('desk.known.take')}
              </Button>
            )}
          </div>
        )}
        <div class="pair">
          <SelectField label={tc('desk.kind')} value={value.kind} options={kinds.map((one) => ({ value: one, word: tc(`desk.kind.${one}`) }))} onChoose={(kind) => set({ kind })} />
          <SelectField label={tc('desk.class')} value={value.class} options={classes.map((one) => ({ value: one, word: tc(`desk.class.${one}`) }))} onChoose={(chosen) => set({ class: chosen })} />
        </div>
        <PlaceField siteId={site.id} onChoose={(target) => set({ target })} />
        <TextField label={tc('desk.place')} optional auto="off" most={200} value={value.place} error={errorAt('place')} onText={(text) => set({ place: text })} />
        <div class="pair">
          <SelectField label={tc('desk.channel')} value={value.channel} options={channels.map((one) => ({ value: one, word: tc(`desk.channel.${one}`) }))} onChoose={(channel) => set({ channel })} />
          <SelectField label={tc('desk.urgency')} value={value.urgency} options={[{ value: '', word: tc('desk.urgency.rule') }, ...(['normal', 'urgent', 'rescue'] as const).map((one) => ({ value: one, word: tc(`desk.urgency.${one}`) }))]} onChoose={(urgency) => set({ urgency })} />
        </div>
        <SelectField label={tc('desk.department')} value={value.department} options={[{ value: '', word: tc('desk.department.none') }, ...(desk?.teams ?? []).map((team) => ({ value: team.id, word: say(team.name) }))]} error={errorAt('department')} onChoose={(department) => set({ department })} />
        <div class="pair">
          <TextField label={tc('desk.day')} optional type="date" value={value.day} error={errorAt('window')} onText={(day) => set({ day })} />
          {value.day !== '' && <TextField label={tc('desk.from')} type="time" narrow value={value.from} onText={(from) => set({ from })} />}
          {value.day !== '' && <TextField label={tc('desk.until')} type="time" narrow value={value.until} onText={(until) => set({ until })} />}
        </div>
        <Refusal problem={draft.problem} />
        <div class="acts">
          <Button submit kind="ink" busy={draft.busy}>{tc('desk.enter')}</Button>
          <Button href={back}>{tc('act.back')}</Button>
          <span class="meta">{tc('desk.enter.keys')}</span>
        </div>
      </form>
    </Page>
  );
}

/** What the caller asked for before, a moment after the number stands there. */
function useCallers(siteId: string, phone: string): Caller[] {
  const [found, setFound] = useState<Caller[]>([]);
  useEffect(() => {
    setFound([]);
    if (phone.replace(/\D/g, '').length < 5) return undefined;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      get<{ requests: Caller[] }>(`/sites/${siteId}/requests/callers?phone=${encodeURIComponent(phone)}`, stop.signal).then(
        (answer) => setFound(answer.requests),
        () => undefined, // it only helps: without it the request is entered all the same
      );
    }, 300);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [siteId, phone]);
  return found;
}
