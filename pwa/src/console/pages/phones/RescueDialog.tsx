import { useState } from 'preact/hooks';
import { tc, type ConsoleKey } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { sendFile } from '../../api';
import { mayWrite } from '../../model/session';
import { Refusal } from '../../parts/Answers';
import { FormDialog } from '../../parts/FormDialog';
import { useForm } from '../../parts/useForm';

/** What the server took from a rescue file: counts by what became of records and photos. */
export type Imported = {
  device: string | null;
  records: Record<string, number>;
  codes: Record<string, number>;
  photos: Record<string, number>;
  bad_lines: number;
  bad: { line: number; reason: string; detail: string }[];
  whole: boolean;
};

const RECORDS: readonly (readonly [string, ConsoleKey])[] = [
  ['applied', 'rescue.applied'],
  ['duplicate', 'rescue.duplicate'],
  ['held', 'rescue.held'],
  ['forked', 'rescue.forked'],
  ['quarantined', 'rescue.quarantined'],
];
const PHOTOS: readonly (readonly [string, ConsoleKey])[] = [
  ['stored', 'rescue.stored'],
  ['duplicate', 'rescue.duplicate'],
  ['unnamed', 'rescue.unnamed'],
  ['refused', 'rescue.refused'],
];
const SHOWN = 8;

/** The button on the page of the phones, for whoever may bring a rescue file. */
export function RescueButton({ siteId, onDone }: { siteId: string; onDone: () => void }) {
  const [isOpen, setOpen] = useState(false);
  if (!mayWrite.value) return null;
  return (
    <>
      <Button onPress={() => setOpen(true)}>{tc('rescue.act')}</Button>
      {isOpen && (
        <RescueDialog
          siteId={siteId}
          onClose={() => {
            setOpen(false);
            onDone();
          }}
        />
      )}
    </>
  );
}

function RescueDialog({ siteId, onClose }: { siteId: string; onClose: () => void }) {
  const draft = useForm<{ file: File | null }>({ file: null });
  const [told, setTold] = useState<Imported | null>(null);
  const { file } = draft.value;
  if (told) {
    return (
      <FormDialog title={tc('rescue.done')} go={tc('rescue.again')} stay={tc('rescue.close')} onStay={onClose} onGo={() => setTold(null)}>
        <Result told={told} />
      </FormDialog>
    );
  }
  return (
    <FormDialog
      title={tc('rescue.act')}
      go={tc('rescue.go')}
      busy={draft.busy}
      onStay={onClose}
      onGo={() =>
        void draft.submit(async ({ file: chosen }) => {
          if (chosen) setTold(await sendFile<Imported>(`/sites/${siteId}/rescue`, chosen, 'application/x-ndjson'));
        })
      }
    >
      <p>{tc('rescue.why')}</p>
      <label class="field">
        <span class="field__label">{tc('rescue.file')}</span>
        <input
          type="file"
          accept=".rescue"
          required
          onChange={(event) => draft.set({ file: event.currentTarget.files?.[0] ?? null })}
        />
      </label>
      {draft.busy && file && (
        <p class="note" role="status">
          {tc('rescue.sending')}
        </p>
      )}
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

function Result({ told }: { told: Imported }) {
  return (
    <div role="status">
      {told.device !== null && <p>{tc('rescue.of', { name: told.device })}</p>}
      <p>{tc('rescue.records', { counts: counts(told.records, RECORDS) })}</p>
      <p>{tc('rescue.photos', { counts: counts(told.photos, PHOTOS) })}</p>
      {!told.whole && <p class="note">{tc('rescue.cut')}</p>}
      {told.bad_lines > 0 && (
        <>
          <p class="note">{tc('rescue.bad', { n: told.bad_lines })}</p>
          <ul>
            {told.bad.slice(0, SHOWN).map((one) => (
              <li key={one.line}>{tc('rescue.bad.line', { n: one.line, detail: one.detail })}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function counts(found: Record<string, number>, words: readonly (readonly [string, ConsoleKey])[]): string {
  const parts = words.filter(([name]) => (found[name] ?? 0) > 0).map(([name, word]) => tc(word, { n: found[name] ?? 0 }));
  return parts.length > 0 ? parts.join(tc('rescue.and')) : tc('rescue.none');
}
