import { useState } from 'preact/hooks';
import { tc, type ConsoleKey } from '../../../i18n/console';
import { Button } from '../../../ui/Button';
import { sendFile } from '../../api';
import { may } from '../../model/may';
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
  ['applied', 'import.applied'],
  ['duplicate', 'import.duplicate'],
  ['held', 'import.held'],
  ['forked', 'import.forked'],
  ['quarantined', 'import.quarantined'],
];
const PHOTOS: readonly (readonly [string, ConsoleKey])[] = [
  ['stored', 'import.stored'],
  ['duplicate', 'import.photo_there'],
  ['unnamed', 'import.unnamed'],
  ['refused', 'import.refused'],
];
const SHOWN = 8;

/** The button on the page of the phones, for whoever may bring a rescue file. */
export function RescueButton({ siteId, onDone }: { siteId: string; onDone: () => void }) {
  const [isOpen, setOpen] = useState(false);
  if (!may('import')) return null;
  return (
    <>
      <Button onPress={() => setOpen(true)}>{tc('import.act')}</Button>
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
      <FormDialog title={tc('import.done')} go={tc('import.again')} stay={tc('import.close')} onStay={onClose} onGo={() => setTold(null)}>
        <Result told={told} />
      </FormDialog>
    );
  }
  return (
    <FormDialog
      title={tc('import.act')}
      go={tc('import.go')}
      busy={draft.busy}
      onStay={onClose}
      onGo={() =>
        void draft.submit(async ({ file: chosen }) => {
          if (chosen) setTold(await sendFile<Imported>(`/sites/${siteId}/rescue`, chosen, 'application/x-ndjson'));
        })
      }
    >
      <p>{tc('import.why')}</p>
      <label class="field">
        <span class="field__label">{tc('import.file')}</span>
        <input
          type="file"
          accept=".rescue"
          required
          onChange={(event) => draft.set({ file: event.currentTarget.files?.[0] ?? null })}
        />
      </label>
      {draft.busy && file && (
        <p class="note" role="status">
          {tc('import.sending')}
        </p>
      )}
      <Refusal problem={draft.problem} />
    </FormDialog>
  );
}

function Result({ told }: { told: Imported }) {
  return (
    <div role="status">
      {told.device !== null && <p>{tc('import.of', { name: told.device })}</p>}
      <p>{tc('import.records', { counts: counts(told.records, RECORDS) })}</p>
      <p>{tc('import.photos', { counts: counts(told.photos, PHOTOS) })}</p>
      {!told.whole && <p class="note">{tc('import.cut')}</p>}
      {told.bad_lines > 0 && (
        <>
          <p class="note">{tc('import.bad', { n: told.bad_lines })}</p>
          <ul>
            {told.bad.slice(0, SHOWN).map((one) => (
              <li key={one.line}>{tc('import.bad.line', { n: one.line, detail: one.detail })}</li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}

function counts(found: Record<string, number>, words: readonly (readonly [string, ConsoleKey])[]): string {
  const parts = words.filter(([name]) => (found[name] ?? 0) > 0).map(([name, word]) => tc(word, { n: found[name] ?? 0 }));
  return parts.length > 0 ? parts.join(tc('import.and')) : tc('import.none');
}
