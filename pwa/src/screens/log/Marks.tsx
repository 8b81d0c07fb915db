import { useId, useState } from 'preact/hooks';
import { explainRecord } from '../../actions/explainRecord';
import { t } from '../../i18n/t';
import type { LogEntry } from '../../state/log';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Note } from '../../ui/Saved';
import { useDraft } from '../draft';
import { problemText, textOr, when } from '../words';

/** The most characters of an explanation. */
const MOST = 500;

/** Why a record is marked, mark by mark: what was seen, what its person can do, and what they said to it. */
export function Marks({ entry }: { entry: LogEntry }) {
  if (entry.marks.length === 0) return null;
  return (
    <section class="card" data-tone="warn">
      <h2>
        <span class="state">
          <Icon name="rc-marked" /> {t('log.marks')}
        </span>
      </h2>
      <p class="meta">{t('log.marks.why')}</p>
      <ul class="marks">
        {entry.marks.map((mark) => (
          <li key={mark}>
            <b>{textOr(`mark.${mark}`, 'rec.marked')}</b>
            <p>{textOr(`reason.${mark}`, 'mark.unknown')}</p>
            <p class="meta">{textOr(`advice.${mark}`, 'mark.say.why')}</p>
          </li>
        ))}
      </ul>
      {entry.explained.map(({ seq, at, words }) => (
        <blockquote key={seq} class="said">
          <p>{words}</p>
          <p class="meta">
            {t('mark.said', { n: seq, time: when(at) })}
          </p>
        </blockquote>
      ))}
      <Explain hash={entry.hash} again={entry.explained.length > 0} />
    </section>
  );
}

type Told = { tone: 'calm' | 'bad'; text: string };

/** The answer to a mark. It is a record of its own, and is kept at once; until then it is a draft. */
function Explain({ hash, again }: { hash: string; again: boolean }) {
  const [told, setTold] = useState<Told | null>(null);
  // a draft that was saved is over: what is said next is another one
  const [said, setSaid] = useState(0);
  return <Saying key={said} hash={hash} again={again} told={told} onTold={setTold} onSaid={() => setSaid((before) => before + 1)} />;
}

type SayingProps = { hash: string; again: boolean; told: Told | null; onTold: (told: Told) => void; onSaid: () => void };

function Saying({ hash, again, told, onTold, onSaid }: SayingProps) {
  const draft = useDraft(`explain ${hash}`, '');
  const [busy, setBusy] = useState(false);
  const id = useId();
  if (draft.values === null) return null;
  const words = draft.values;
  const save = async (): Promise<void> => {
    if (words.trim() === '') {
      onTold({ tone: 'bad', text: t('mark.say.empty') });
      return;
    }
    setBusy(true);
    try {
      await explainRecord(hash, words);
      await draft.drop();
      onTold({ tone: 'calm', text: t('mark.say.saved') });
      onSaid();
    } catch (error) {
      onTold({ tone: 'bad', text: problemText(error) });
      setBusy(false);
    }
  };
  return (
    <>
      <Field questionId={`${id}q`} htmlFor={id} question={t(again ? 'mark.say.more' : 'mark.say')}>
        <textarea
          id={id}
          class="input"
          rows={2}
          maxLength={MOST}
          value={words}
          onInput={(event) => {
            const text = event.currentTarget.value;
            draft.change(() => text);
          }}
        />
      </Field>
      {told && (
        <Note tone={told.tone} icon={told.tone === 'bad' ? 'rc-attention' : 'rc-phone'} live>
          {told.text}
        </Note>
      )}
      <Button busy={busy} onPress={() => void save()}>
        {t('mark.say.save')}
      </Button>
    </>
  );
}
