import { tc } from '../../../i18n/console';
import { send } from '../../api';
import { tell } from '../../model/notice';
import { session } from '../../model/session';
import { TextField } from '../../parts/fields';
import { EditPage, FindPage, useThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { go, to } from '../../route';
import type { Company } from '../../types';

/** A company of contractors: only its name. It belongs to the organisation, not to one site. */
export function CompanyEditor({ siteId, id }: { siteId: string; id: string }) {
  const companies = useThings<Company>(siteId, 'companies');
  const back = { href: to(siteId, 'people'), word: tc('nav.people') };
  if (id === 'new') return <CompanyForm company={{ id: '', name: '' }} back={back} />;
  return (
    <FindPage load={companies} pick={(one) => one.id === id} title={tc('companies.title')} back={back}>
      {(company) => <CompanyForm company={company} back={back} />}
    </FindPage>
  );
}

function CompanyForm({ company, back }: { company: Company; back: { href: string; word: string } }) {
  const draft = useForm({ name: company.name });
  const isNew = company.id === '';
  const taken = draft.problem?.slug === 'company-taken';
  return (
    <EditPage
      title={isNew ? tc('companies.new') : company.name}
      back={back}
      draft={draft}
      may={session.value.administrator}
      onSave={() =>
        void draft.submit(async ({ name }) => {
          if (isNew) await send('POST', '/companies', { name });
          else await send('PATCH', `/companies/${company.id}`, { name });
          tell(tc('act.saved'));
          go(back.href);
        })
      }
    >
      <TextField label={tc('thing.name')} required focus most={80} value={draft.value.name} error={taken ? tc('problem.company-taken') : draft.errorAt('name')} onText={(name) => draft.set({ name })} />
    </EditPage>
  );
}
