import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import { language } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { Empty } from '../../../ui/Empty';
import { getFile, type Problem } from '../../api';
import { asProblem, useLoad } from '../../model/load';
import { Failure, Refusal, Waiting } from '../../parts/Answers';
import { Page, SiteSwitch } from '../../parts/Page';
import { save } from '../../parts/save';
import type { PageProps } from '../../types';
import { periodHere, PeriodPicker } from '../score/parts';
import { periodWords } from '../score/periods';
import type { Report } from '../score/types';

type Kind = 'patrol' | 'equipment';

/** Registers to print, sign and seal: a route and a month make a paper in one click. */
export function RegistersPage({ site }: PageProps) {
  const period = periodHere(site);
  const loaded = useLoad<Report>(`/sites/${site.id}/report?period=${encodeURIComponent(period)}`);
  const [kind, setKind] = useState<Kind>('patrol');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState('');
  /** The register that makes several papers, of the kind and period that were asked for. */
  const [long, setLong] = useState<{ route: string; of: string; parts: number } | null>(null);
  const of = `${kind} ${period}`;
  const take = async (route: string, form: 'pdf' | 'xlsx' | 'csv', part?: number): Promise<void> => {
    setProblem(null);
    setBusy(route);
    try {
      const query = new URLSearchParams({ kind, route, period, lang: language.value, ...(part ? { part: String(part) } : {}) });
      save(await getFile(`/sites/${site.id}/registers/${form}?${query.toString()}`), `register-${period}${part ? `-${part}` : ''}.${form}`);
    } catch (error) {
      const met = asProblem(error);
      if (met.slug === 'too-long' && typeof met.members['parts'] === 'number') setLong({ route, of, parts: met.members['parts'] });
      else setProblem(met);
    }
    setBusy('');
  };
  const routes = (loaded.value?.routes ?? []).filter((row) => row.key !== null);
  return (
    <Page title={tc('nav.registers')} sub={periodWords(period)} side={<SiteSwitch />}>
      <PeriodPicker site={site} page="registers" />
      <div class="filters" role="group" aria-label={tc('registers.kind')}>
        {(['patrol', 'equipment'] as const).map((one) => (
          <button key={one} type="button" class="fil" aria-pressed={one === kind} onClick={() => setKind(one)}>
            {tc(`registers.${one}`)}
          </button>
        ))}
      </div>
      <Refusal problem={problem} />
      {loaded.value === null ? (
        loaded.problem ? <Failure problem={loaded.problem} onAgain={loaded.reload} /> : <Waiting />
      ) : routes.length === 0 ? (
        <div class="panel below">
          <Empty icon="doc" title={tc('registers.empty')}>
            {tc('registers.empty.why')}
          </Empty>
        </div>
      ) : (
        <div class="tablewrap below">
          <table class="stack">
            <caption class="vh">{tc('nav.registers')}</caption>
            <thead>
              <tr>
                <th scope="col">{tc('registers.route')}</th>
                <th scope="col" class="r">{tc('registers.rounds')}</th>
                <th scope="col">{tc('registers.take')}</th>
              </tr>
            </thead>
            <tbody>
              {routes.map((row) => (
                <tr key={row.key}>
                  <td class="w">
                    <b>{row.name ? say(row.name) : '—'}</b>
                  </td>
                  <td class="r num" data-label={tc('registers.rounds')}>{row.sums.due + row.sums.excused}</td>
                  <td class="registers__acts">
                    <Button icon="print" kind="ink" busy={busy === row.key} onPress={() => void take(row.key ?? '', 'pdf')}>
                      {tc('registers.paper')}
                    </Button>
                    <Button busy={busy === row.key} onPress={() => void take(row.key ?? '', 'xlsx')}>
                      XLSX
                    </Button>
                    <Button busy={busy === row.key} onPress={() => void take(row.key ?? '', 'csv')}>
                      CSV
                    </Button>
                    {long?.route === row.key && long?.of === of && (
                      <div role="status" class="registers__parts">
                        <p>{tc('registers.parts', { n: long.parts })}</p>
                        {Array.from({ length: long.parts }, (_, i) => (
                          <Button key={i} icon="print" busy={busy === row.key} onPress={() => void take(row.key ?? '', 'pdf', i + 1)}>
                            {tc('registers.part', { n: i + 1 })}
                          </Button>
                        ))}
                      </div>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p class="meta below">{tc('registers.why')}</p>
    </Page>
  );
}
