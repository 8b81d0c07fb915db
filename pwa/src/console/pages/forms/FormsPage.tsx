import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { ListPage, newOf, NoThings, Table, useThings } from '../../parts/things';
import { to } from '../../route';
import type { Form, PageProps } from '../../types';
import { FormEditor } from './FormEditor';

/** The checklists. */
export function FormsPage({ site, id }: PageProps) {
  return id === null ? <List siteId={site.id} /> : <FormEditor siteId={site.id} id={id} />;
}

function List({ siteId }: { siteId: string }) {
  const forms = useThings<Form>(siteId, 'forms');
  return (
    <ListPage title={tc('nav.forms')} newHref={newOf(siteId, 'forms')} newWord={tc('forms.new')} loads={[forms]}>
      {() =>
        forms.value!.length === 0 ? (
          <NoThings icon="list" title={tc('forms.empty')} why={tc('forms.empty.why')} href={newOf(siteId, 'forms')} act={tc('forms.new')} />
        ) : (
          <Table
            caption={tc('nav.forms')}
            rows={forms.value!}
            columns={[
              { head: tc('thing.name'), wide: true, cell: (one) => <a href={to(siteId, 'forms', one.id)} lang={langOf(one.name)}>{say(one.name)}</a> },
              { head: tc('form.edition'), cell: (one) => tc('form.edition.n', { n: one.edition }) },
              { head: tc('form.fields'), cell: (one) => tc('form.fields.n', { n: one.fields.length }) },
              { head: tc('form.readings'), cell: (one) => one.fields.filter((field) => field.kind === 'number').map((field) => say(field.label)).join(tc('list.and')) || '—' },
            ]}
          />
        )
      }
    </ListPage>
  );
}
