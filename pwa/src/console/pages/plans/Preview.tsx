import { useEffect, useState } from 'preact/hooks';
import { tc } from '../../../i18n/console';
import { clockTime } from '../../../i18n/format';
import { Problem, send } from '../../api';
import { longDay } from '../../dates';
import { recurrenceWords, windowsWords } from '../../recurrence';
import type { Recurrence } from '../../types';
import { fieldSentence } from '../../words';

type Coming = { from_ms: number; to_ms: number; number: number };
export type Shown = { windows: Coming[]; unknown_from: string | null };
export type Asked = { recurrence: Recurrence; starts_on: string; ends_on: string | null };
export type Previewed = { shown: Shown | null; errors: Readonly<Record<string, string>> };

const PAUSE_MS = 350;

/** What the server says would come, asked anew when somebody stops typing. The last answer stays until then. */
export function usePreview(siteId: string, asked: Asked): Previewed {
  const [answer, setAnswer] = useState<Previewed>({ shown: null, errors: {} });
  const body = JSON.stringify(asked);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      send<Shown>('POST', `/sites/${siteId}/plans/preview`, JSON.parse(body)).then(
        (shown) => current && setAnswer({ shown, errors: {} }),
        (error: unknown) => {
          if (!current || !(error instanceof Problem)) return;
          const errors = Object.fromEntries(Object.entries(error.errors).map(([path, said]) => [path, fieldSentence(said)]));
          setAnswer({ shown: null, errors });
        },
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [siteId, body]);
  return answer;
}

/** The next windows, day by day: what somebody looks at to see whether it is what they meant. */
export function Preview({ preview, recurrence, zone }: { preview: Previewed; recurrence: Recurrence; zone: string }) {
  const { shown, errors } = preview;
  const wrong = Object.values(errors);
  return (
    <div class="previewside">
    <section class="panel preview" aria-label={tc('preview.title')} aria-live="polite">
      <h3>{tc('preview.title')}</h3>
      {shown && (
        <p>
          <b>{recurrenceWords(recurrence)}</b> · {windowsWords(recurrence)}
        </p>
      )}
      {wrong.length > 0 && (
        <p class="field__e" data-tone="bad">
          {wrong[0]}
        </p>
      )}
      {shown && shown.windows.length === 0 && <p>{tc('preview.none')}</p>}
      <ol class="preview__l">
        {(shown ? byWindow(shown.windows) : []).map(({ from_ms, to_ms, count }) => (
          <li key={from_ms}>
            <span>{longDay(from_ms, zone)}</span>
            <b class="tnum">{span(from_ms, to_ms, zone)}</b>
            {count > 1 && <small>{tc('preview.times', { n: count })}</small>}
          </li>
        ))}
      </ol>
      {shown?.unknown_from && <p class="note">{tc('preview.unknown', { day: shown.unknown_from })}</p>}
    </section>
    </div>
  );
}

function span(from: number, to: number, zone: string): string {
  const end = clockTime(to, zone);
  const sameDay = longDay(from, zone) === longDay(to - 1, zone);
  return sameDay ? `${clockTime(from, zone)}–${end === '00:00' ? '24:00' : end}` : `${clockTime(from, zone)}–${longDay(to, zone)} ${end}`;
}

function byWindow(windows: readonly Coming[]): (Coming & { count: number })[] {
  const found = new Map<number, Coming & { count: number }>();
  for (const one of windows) found.set(one.from_ms, { ...one, count: (found.get(one.from_ms)?.count ?? 0) + 1 });
  return [...found.values()];
}
