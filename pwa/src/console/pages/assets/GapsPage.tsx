import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { send } from '../../api';
import { useLoad } from '../../model/load';
import { may } from '../../model/may';
import { Failure, Waiting } from '../../parts/Answers';
import { TickRow } from '../../parts/fields';
import { FormDialog } from '../../parts/FormDialog';
import { Page, Panel, SiteSwitch } from '../../parts/Page';
import { NoThings } from '../../parts/things';
import { useForm } from '../../parts/useForm';
import { to } from '../../route';
import type { SiteRef } from '../../types';
import { Tabs } from './Tabs';
import { MEMBERS, type CategoryGaps, type Completeness } from './types';

/** How complete the register is, and what is missing where: a list to work through. Inherited gaps are shown, not blamed. */
export function GapsPage({ site }: { site: SiteRef }) {
  const found = useLoad<Completeness>(`/sites/${site.id}/assets/completeness`);
  const [choosing, setChoosing] = useState<CategoryGaps | null>(null);
  const all = found.value;
  return (
    <Page title={tc('gaps.title')} side={<SiteSwitch />}>
      <Tabs siteId={site.id} here="gaps" />
      {!all ? (
        found.problem ? <Failure problem={found.problem} onAgain={found.reload} /> : <Waiting />
      ) : all.assets === 0 ? (
        <NoThings icon="box" title={tc('assets.empty')} why={tc('assets.empty.why')} />
      ) : (
        <>
          <p class="verdict" data-tone={all.there === all.needed ? 'good' : 'unsure'}>
            {tc('gaps.verdict', { share: share(all), there: all.there, needed: all.needed, whole: all.whole, assets: all.assets })}
          </p>
          <div class="stack">
            {all.categories.map((one) => (
              <Panel key={one.category} title={one.category || tc('assets.no_category')} fact={tc('gaps.category', { share: share(one), there: one.there, needed: one.needed, assets: one.assets })}>
                <Bar of={one} />
                <div class="gaplist">
                  {one.gaps.filter((gap) => gap.missing > 0).map((gap) => (
                    <a key={gap.member} class="fil fil--s" href={to(site.id, 'assets', null, { category: one.category || null, gap: gap.member })}>
                      {tc('gaps.missing', { what: tc(`member.${gap.member}`), n: gap.missing, m: gap.needed })}
                    </a>
                  ))}
                  {one.gaps.every((gap) => gap.missing === 0) && <span class="meta">{tc('gaps.none')}</span>}
                  {may('change.assets') && (
                    <Button kind="quiet" onPress={() => setChoosing(one)}>
                      {tc('gaps.needs')}
                    </Button>
                  )}
                </div>
              </Panel>
            ))}
          </div>
        </>
      )}
      {choosing && (
        <Needs
          path={`/sites/${site.id}/assets/needs`}
          of={choosing}
          onClose={() => setChoosing(null)}
          onDone={(next) => {
            found.put(next);
            setChoosing(null);
          }}
        />
      )}
    </Page>
  );
}

function share({ there, needed }: { there: number; needed: number }): string {
  return needed === 0 ? '—' : `${((there / needed) * 100).toFixed(1)} %`;
}

function Bar({ of: { there, needed } }: { of: CategoryGaps }) {
  if (needed === 0) return null;
  return (
    <div class="hbar" role="img" aria-label={`${there} / ${needed}`}>
      {there > 0 && <i style={{ '--n': String(there) }} />}
      {needed > there && <i data-s="unheard" style={{ '--n': String(needed - there) }} />}
    </div>
  );
}

function Needs({ path, of, onClose, onDone }: { path: string; of: CategoryGaps; onClose: () => void; onDone: (next: Completeness) => void }) {
  const draft = useForm<{ needs: string[] }>({ needs: of.needs });
  const keep = (): void => void draft.submit(async ({ needs }) => onDone(await send<Completeness>('POST', path, { category: of.category, needs })));
  return (
    <FormDialog title={tc('gaps.needs.of', { category: of.category || tc('assets.no_category') })} go={tc('act.save')} busy={draft.busy} onStay={onClose} onGo={keep}>
      <p>{tc('gaps.needs.why')}</p>
      <TickRow label={tc('gaps.needs')} options={MEMBERS.map((member) => ({ value: member, word: tc(`member.${member}`) }))} chosen={draft.value.needs} error={draft.errorAt('needs')} onChoose={(needs) => draft.set({ needs })} />
    </FormDialog>
  );
}
