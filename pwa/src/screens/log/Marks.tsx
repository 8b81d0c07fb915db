import { useId, useState } from 'preact/hooks';
import { explainRecord } from '../../actions/explainRecord';
import { t } from '../../i18n/t';
import type { LogEntry } from '../../state/log';
import { Button } from '../../ui/Button';
import { Field } from '../../ui/Field';
import { Icon } from '../../ui/Icon';
import { Note } from '../../ui/Saved';
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

/** The answer to a mark. It is a record of its own, and is kept at once. */
function Explain({ hash, again }: { hash: string; again: boolean }) {
  const [words, setWords] = useState('');
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState<{ tone: 'calm' | 'bad'; text: string } | null>(null);
  const id = useId();
  const save = (): void => {
    if (words.trim() === '') {
      setTold({ tone: 'bad', text: t('mark.say.empty') });
      return;
    }
    setBusy(true);
    explainRecord(hash, words)
      .then(() => {
        setWords('');
        setTold({ tone: 'calm', text: t('mark.say.saved') });
      })
      .catch((error: unknown) => setTold({ tone: 'bad', text: problemText(error) }))
      .finally(() => setBusy(false));
  };
  return (
    <>
      <Field questionId={`${id}q`} htmlFor={id} question={t(again ? 'mark.say.more' : 'mark.say')}>
        <textarea id={id} class="input" rows={2} maxLength={MOST} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </Field>
      {told && (
        <Note tone={told.tone} icon={told.tone === 'bad' ? 'rc-attention' : 'rc-phone'} live>
          {told.text}
        </Note>
      )}
      <Button busy={busy} onPress={save}>
        {t('mark.say.save')}
      </Button>
    </>
  );
}
