import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { langOf, say } from '../../../i18n/label';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { getFile, send } from '../../api';
import { dayOf } from '../../dates';
import { asProblem } from '../../model/load';
import { tell } from '../../model/notice';
import { may } from '../../model/may';
import { save } from '../../parts/save';
import { Refusal } from '../../parts/Answers';
import { ListPage, NoThings, Table, useThings } from '../../parts/things';
import type { Problem } from '../../api';
import type { PageProps, SheetSize, Tag } from '../../types';
import { place, to } from '../../route';

const SIZES: readonly SheetSize[] = ['50x70', '40x60', '80x110'];

/** The printed codes: which are in use, sheets to print, and a new print where one was lost. Places that the address names stand first, chosen. */
export function TagsPage({ site }: PageProps) {
  const tags = useThings<Tag>(site.id, 'tags');
  const [asked] = useState(() => (place.peek().query['targets'] ?? '').split(',').filter((id) => id !== ''));
  const [chosen, setChosen] = useState<string[]>(asked);
  const [asking, setAsking] = useState<Tag | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);

  async function reprint(tag: Tag): Promise<void> {
    setAsking(null);
    setProblem(null);
    try {
      const next = await send<Tag>('POST', `/sites/${site.id}/tags/reprint`, { target: { kind: tag.target.kind, id: tag.target.id } });
      tell(tc('tag.reprinted', { n: next.print_no }));
      setChosen([next.target.id]);
      tags.reload();
    } catch (error) {
      setProblem(asProblem(error));
    }
  }

  return (
    <ListPage title={tc('nav.tags')} loads={[tags]}>
      {() => {
        const inUse = tags.value!.filter((one) => !one.retired).sort((a, b) => Number(asked.includes(b.target.id)) - Number(asked.includes(a.target.id)));
        const known = chosen.filter((id) => inUse.some((one) => one.target.id === id));
        const retired = tags.value!.filter((one) => one.retired);
        if (tags.value!.length === 0) return <NoThings icon="qr" title={tc('tags.empty')} why={tc('tags.empty.why')} href={to(site.id, 'places', 'new')} act={tc('checkpoints.new')} />;
        return (
          <>
            <Refusal problem={problem} />
            {may('print.tags') && <Sheet siteId={site.id} tags={inUse} chosen={known} onProblem={setProblem} onAll={() => setChosen(known.length === inUse.length ? [] : inUse.map((one) => one.target.id))} />}
            <Table
              caption={tc('nav.tags')}
              rows={inUse}
              columns={[
                ...(may('print.tags')
                  ? [
                      {
                        head: tc('tag.choose'),
                        cell: (one: Tag) => (
                          <input
                            type="checkbox"
                            class="box"
                            aria-label={tc('tag.choose.one', { name: say(one.target.name) })}
                            checked={known.includes(one.target.id)}
                            onChange={(event) => setChosen(event.currentTarget.checked ? [...known, one.target.id] : known.filter((id) => id !== one.target.id))}
                          />
                        ),
                      },
                    ]
                  : []),
                { head: tc('place.number'), cell: (one) => <span class="num">{one.target.number}</span> },
                { head: tc('thing.name'), wide: true, cell: (one) => <b lang={langOf(one.target.name)}>{say(one.target.name)}</b> },
                { head: tc('tag.short'), cell: (one) => <span class="code">{one.short_code}</span> },
                { head: tc('tag.version'), cell: (one) => tc('tag.print', { n: one.print_no }) },
                { head: tc('tag.made'), cell: (one) => dayOf(one.made_ms, site.time_zone) },
                ...(may('print.tags') ? [{ head: tc('tag.act'), cell: (one: Tag) => <Button onPress={() => setAsking(one)}><span>{tc('tag.reprint')}<span class="vh"> {say(one.target.name)}</span></span></Button> }] : []),
              ]}
            />
            {retired.length > 0 && (
              <details class="below">
                <summary>{tc('tags.retired', { n: retired.length })}</summary>
                <Table
                  caption={tc('tags.retired', { n: retired.length })}
                  rows={retired}
                  quiet={() => true}
                  columns={[
                    { head: tc('thing.name'), wide: true, cell: (one) => say(one.target.name) },
                    { head: tc('tag.short'), cell: (one) => <span class="code">{one.short_code}</span> },
                    { head: tc('tag.version'), cell: (one) => tc('tag.print', { n: one.print_no }) },
                  ]}
                />
              </details>
            )}
            {asking && (
              <Dialog title={tc('tag.reprint.ask', { name: say(asking.target.name) })} stay={tc('act.stay')} onStay={() => setAsking(null)} go={tc('tag.reprint')} onGo={() => void reprint(asking)}>
                <p>{tc('tag.reprint.why', { n: asking.print_no })}</p>
              </Dialog>
            )}
          </>
        );
      }}
    </ListPage>
  );
}

type SheetProps = { siteId: string; tags: readonly Tag[]; chosen: readonly string[]; onAll: () => void; onProblem: (problem: Problem | null) => void };

function Sheet({ siteId, tags, chosen, onAll, onProblem }: SheetProps) {
  const [size, setSize] = useState<SheetSize>('50x70');
  const [busy, setBusy] = useState(false);

  async function fetchSheet(): Promise<void> {
    setBusy(true);
    onProblem(null);
    const targets = chosen.length === 0 ? '' : `&targets=${chosen.join(',')}`;
    try {
      save(await getFile(`/sites/${siteId}/tags/sheet.pdf?size=${size}${targets}`), `tags-${size}.pdf`);
    } catch (error) {
      onProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  }

  if (tags.length === 0) return null;
  return (
    <div class="filters" role="group" aria-label={tc('tag.sheet')}>
      <label class="fil fil--select">
        <span>{tc('tag.size')}</span>
        <select value={size} onChange={(event) => setSize(event.currentTarget.value as SheetSize)}>
          {SIZES.map((one) => (
            <option key={one} value={one}>
              {tc(`tag.size.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <Button kind="ink" icon="print" busy={busy} onPress={() => void fetchSheet()}>
        {chosen.length === 0 ? tc('tag.sheet.all', { n: tags.length }) : tc('tag.sheet.some', { n: chosen.length })}
      </Button>
      <Button kind="quiet" onPress={onAll}>
        {tc(chosen.length === tags.length ? 'tag.choose.none' : 'tag.choose.all')}
      </Button>
      <span class="meta">{tc('tag.sheet.why')}</span>
    </div>
  );
}
