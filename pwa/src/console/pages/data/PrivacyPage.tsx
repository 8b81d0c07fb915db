import { tc } from '../../../i18n/console';
import { send } from '../../api';
import { useLoad } from '../../model/load';
import { tell } from '../../model/notice';
import { Button } from '../../../ui/Button';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { TextField } from '../../parts/fields';
import { Page, Panel } from '../../parts/Page';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { PageProps, Retention } from '../../types';

const PATH = '/retention';

/** For how long what is recorded of people is kept in the whole company, and what they said to it. */
export function PrivacyPage({ site }: PageProps) {
  const { value, problem, reload, put } = useLoad<Retention>(PATH);
  return (
    <Page title={tc('nav.privacy')} sub={tc('privacy.whole')}>
      {value ? (
        <div class="held">
          <Panel title={tc('privacy.consent')}>
            <dl class="dl">
              <dt>{tc('privacy.agreed')}</dt>
              <dd class="num">{value.agreed}</dd>
              <dt>{tc('privacy.declined')}</dt>
              <dd class="num">{value.declined}</dd>
            </dl>
            <p class="meta">{tc('privacy.consent.why')}</p>
          </Panel>
          <Terms key={`${value.place_days} ${value.photo_days}`} terms={value} onKept={put} />
          <Panel title={tc('privacy.person')}>
            <p>{tc('privacy.person.why')}</p>
            <p>
              <Button href={to(site.id, 'people')}>{tc('nav.people')}</Button>
            </p>
          </Panel>
        </div>
      ) : problem ? (
        <Failure problem={problem} onAgain={reload} />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}

type Draft = { place: string; photo: string };

function Terms({ terms, onKept }: { terms: Retention; onKept: (terms: Retention) => void }) {
  const draft = useForm<Draft>({ place: String(terms.holds.place_days), photo: String(terms.holds.photo_days) });
  const keep = async ({ place, photo }: Draft): Promise<void> => {
    onKept(await send<Retention>('PATCH', PATH, { place_days: daysOf(place), photo_days: daysOf(photo) }));
    tell(tc('act.saved'));
  };
  return (
    <Panel title={tc('privacy.terms')}>
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void draft.submit(keep);
        }}
      >
        <p class="meta">{tc('privacy.terms.why')}</p>
        <Refusal problem={draft.problem} />
        <div class="pair">
          <TextField label={tc('privacy.place_days')} hint={tc('privacy.days', { a: 7, b: 90 })} narrow mode="numeric" most={3} value={draft.value.place} error={draft.errorAt('place_days')} onText={(place) => draft.set({ place })} />
          <TextField label={tc('privacy.photo_days')} hint={tc('privacy.days', { a: 7, b: 730 })} narrow mode="numeric" most={3} value={draft.value.photo} error={draft.errorAt('photo_days')} onText={(photo) => draft.set({ photo })} />
        </div>
        <div class="acts">
          <Button submit kind="ink" busy={draft.busy}>{tc('act.save')}</Button>
        </div>
      </form>
    </Panel>
  );
}

/** A number as the server takes it; what is none stays a text, and the server says what is wrong. */
function daysOf(text: string): number | string {
  return /^\d+$/.test(text.trim()) ? Number(text) : text;
}
