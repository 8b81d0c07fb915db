import { useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { language } from '../../../i18n/t';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { get, getFile, type Problem } from '../../api';
import { asProblem } from '../../model/load';
import { tell } from '../../model/notice';
import { Refusal } from '../../parts/Answers';
import { save } from '../../parts/save';

/** A report as a file: to print, to calculate with, or as a few lines for a group chat. `served`: also the clauses that no round keeps. */
export function Exports({ siteId, period, table, served = false }: { siteId: string; period: string; table: string; served?: boolean }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const [chat, setChat] = useState<string | null>(null);
  const run = async (act: () => Promise<void>): Promise<void> => {
    setProblem(null);
    setBusy(true);
    try {
      await act();
    } catch (error) {
      setProblem(asProblem(error));
    }
    setBusy(false);
  };
  const take = (form: 'pdf' | 'xlsx' | 'csv', of = table) =>
    run(async () => {
      const query = new URLSearchParams({ period, lang: language.value, ...(form === 'csv' ? { table: of } : {}) });
      save(await getFile(`/sites/${siteId}/report/${form}?${query.toString()}`), of === table ? `report-${period}.${form}` : `report-${period}-${of}.${form}`);
    });
  const tellChat = () => run(async () => setChat((await get<{ zh: string; en: string }>(`/sites/${siteId}/report/chat?period=${encodeURIComponent(period)}`))[language.value]));
  return (
    <>
      <div class="acts noprint exports">
        <Button icon="print" busy={busy} onPress={() => void take('pdf')}>
          {tc('export.pdf')}
        </Button>
        <Button icon="export" busy={busy} onPress={() => void take('xlsx')}>
          {tc('export.xlsx')}
        </Button>
        <Button icon="export" busy={busy} onPress={() => void take('csv')}>
          {tc('export.csv')}
        </Button>
        {served && (
          <Button icon="export" busy={busy} onPress={() => void take('csv', 'served')}>
            {tc('export.csv.served')}
          </Button>
        )}
        <Button icon="copy" busy={busy} onPress={() => void tellChat()}>
          {tc('export.chat')}
        </Button>
      </div>
      <Refusal problem={problem} />
      {chat !== null && <ChatText text={chat} onClose={() => setChat(null)} />}
    </>
  );
}

function ChatText({ text, onClose }: { text: string; onClose: () => void }) {
  const clipboard = navigator.clipboard as Clipboard | undefined;
  const copy = () => {
    void clipboard?.writeText(text).then(
      () => {
        tell(tc('recovery.copied'));
        onClose();
      },
      () => undefined,
    );
  };
  return (
    <Dialog title={tc('export.chat')} stay={tc('act.back')} onStay={onClose} {...(clipboard ? { go: tc('recovery.copy'), onGo: copy } : {})}>
      <pre class="raw">{text}</pre>
    </Dialog>
  );
}
