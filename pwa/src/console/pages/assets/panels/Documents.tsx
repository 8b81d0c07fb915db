import { useState } from 'preact/hooks';
import { tc } from '../../../../i18n/console';
import { bytes } from '../../../../i18n/format';
import { langOf, say } from '../../../../i18n/label';
import { Button } from '../../../../ui/Button';
import { Dialog } from '../../../../ui/Dialog';
import { Icon } from '../../../../ui/Icon';
import { getFile, send, sendFile } from '../../../api';
import { useLoad } from '../../../model/load';
import { may } from '../../../model/may';
import { tell } from '../../../model/notice';
import { Refusal } from '../../../parts/Answers';
import { SelectField, TextField } from '../../../parts/fields';
import { FormDialog } from '../../../parts/FormDialog';
import { Panel } from '../../../parts/Page';
import { save } from '../../../parts/save';
import { useForm } from '../../../parts/useForm';
import type { AssetPanelProps, Paper, PaperKind } from '../types';

const KINDS: readonly PaperKind[] = ['procedure', 'standard', 'drawing', 'certificate', 'other'];
const FILES = 'application/pdf,image/jpeg,image/png,image/webp';

/** The papers of an asset and of its category. */
export function Documents({ site, asset }: AssetPanelProps) {
  const papers = useLoad<{ documents: Paper[] }>(`/sites/${site.id}/assets/${asset.id}/documents`);
  const [adding, setAdding] = useState(false);
  const [going, setGoing] = useState<Paper | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const list = papers.value?.documents ?? [];
  const remove = (paper: Paper): void => {
    setGoing(null);
    void send('DELETE', `/sites/${site.id}/documents/${paper.id}`).then(papers.reload, papers.reload);
  };
  return (
    <Panel title={tc('papers.title')} fact={tc('papers.offline')}>
      {papers.value && list.length === 0 && <p class="meta">{tc('papers.none')}</p>}
      <ul class="papers">
        {list.map((paper) => (
          <li key={paper.id}>
            <button type="button" class="linklike" aria-expanded={shown === paper.id} onClick={() => setShown(shown === paper.id ? null : paper.id)}>
              <Icon name="doc" />
              <span lang={langOf(paper.title)}>{say(paper.title)}</span>
            </button>
            <small class="meta">
              {[tc(`paper.${paper.kind}`), tc('papers.pages', { n: paper.pages.length }), paper.assets.includes(asset.id) ? '' : tc('paper.of_category', { category: asset.category })].filter(Boolean).join(' · ')}
            </small>
            {shown === paper.id && (
              <div class="paperview">
                {paper.pages.map((page, n) => (
                  <img key={page.sha256} src={page.url} width={page.width} height={page.height} alt={tc('papers.page', { n: n + 1, m: paper.pages.length, name: say(paper.title) })} loading="lazy" />
                ))}
                <div class="acts">
                  <Button icon="export" onPress={() => void getFile(paper.url.replace(/^\/api\/v1/, '')).then((file) => save(file, `${say(paper.title)}.${paper.mime === 'application/pdf' ? 'pdf' : 'jpg'}`))}>
                    {tc('paper.save', { size: bytes(paper.size) })}
                  </Button>
                  {may('change.assets') && (
                    <Button kind="bad" onPress={() => setGoing(paper)}>
                      {tc('paper.remove')}
                    </Button>
                  )}
                </div>
              </div>
            )}
          </li>
        ))}
      </ul>
      {may('change.assets') && (
        <Button icon="plus" onPress={() => setAdding(true)}>
          {tc('papers.add')}
        </Button>
      )}
      {adding && (
        <Adding
          site={site}
          asset={asset}
          onClose={() => setAdding(false)}
          onDone={() => {
            setAdding(false);
            tell(tc('act.saved'));
            papers.reload();
          }}
        />
      )}
      {going && (
        <Dialog title={tc('paper.remove.ask', { name: say(going.title) })} stay={tc('act.stay')} onStay={() => setGoing(null)} go={tc('paper.remove')} goKind="bad" onGo={() => remove(going)}>
          <p>{tc('paper.remove.why')}</p>
        </Dialog>
      )}
    </Panel>
  );
}

type Draft = { file: File | null; title: string; kind: PaperKind; whose: 'asset' | 'category' };

function Adding({ site, asset, onClose, onDone }: AssetPanelProps & { onClose: () => void; onDone: () => void }) {
  const draft = useForm<Draft>({ file: null, title: '', kind: 'procedure', whose: 'asset' });
  const { value, set } = draft;
  const keep = (): void =>
    void draft.submit(async ({ file, title, kind, whose }) => {
      if (!file) return;
      const query = new URLSearchParams({ zh: title, kind, ...(whose === 'asset' ? { asset: asset.id } : { category: asset.category }) });
      await sendFile<Paper>(`/sites/${site.id}/documents?${query.toString()}`, file, file.type);
      onDone();
    });
  return (
    <FormDialog title={tc('papers.add')} go={tc('papers.add.go')} busy={draft.busy} onStay={onClose} onGo={keep}>
      <label class="field">
        <span class="field__label">{tc('papers.file')}</span>
        <input
          type="file"
          accept={FILES}
          required
          onChange={(event) => {
            const file = event.currentTarget.files?.[0] ?? null;
            set({ file, ...(file && value.title === '' ? { title: file.name.replace(/\.\w+$/, '').slice(0, 120) } : {}) });
          }}
        />
        <small class="field__h">{tc('papers.file.hint')}</small>
      </label>
      <TextField label={tc('papers.name')} required most={120} value={value.title} error={draft.errorAt('zh')} onText={(title) => set({ title })} />
      <SelectField label={tc('papers.kind')} value={value.kind} options={KINDS.map((kind) => ({ value: kind, word: tc(`paper.${kind}`) }))} onChoose={(kind) => set({ kind: kind as PaperKind })} />
      {asset.category !== '' && (
        <SelectField
          label={tc('papers.whose')}
          value={value.whose}
          options={[
            { value: 'asset', word: tc('papers.whose.asset') },
            { value: 'category', word: tc('papers.whose.category', { category: asset.category }) },
          ]}
          onChoose={(whose) => set({ whose: whose as Draft['whose'] })}
        />
      )}
      {draft.touched && value.file === null && <p class="meta">{tc('papers.file.need')}</p>}
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}
