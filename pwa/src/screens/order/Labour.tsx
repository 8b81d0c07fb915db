import { useId } from 'preact/hooks';
import { t } from '../../i18n/t';
import { Field } from '../../ui/Field';

export type Spent = { minutes: number; people: number };

const STEPS = [5, 15, 60] as const;
const MOST_MINUTES = 24 * 60;
const MOST_PEOPLE = 20;

export type LabourProps = { spent: Spent; before: number; change: (next: Spent) => void; anchor?: string };

/** Time of work by big steps: nobody types on a ladder. */
export function Labour({ spent, before, change, anchor }: LabourProps) {
  const ids = { minutes: useId(), people: useId() };
  const { minutes, people } = spent;
  const add = (by: number): void => change({ minutes: Math.min(MOST_MINUTES, Math.max(0, minutes + by)), people });
  const with1 = (by: number): void => change({ minutes, people: Math.min(MOST_PEOPLE, Math.max(1, people + by)) });
  return (
    <Field questionId={ids.minutes} question={t('wo.minutes')} aside={before > 0 ? t('wo.minutes.so', { n: before }) : undefined} {...(anchor ? { anchor } : {})}>
      <output class="steps__value num" aria-live="polite">
        {t('wo.minutes.n', { n: minutes })}
      </output>
      <div class="wostep" role="group" aria-labelledby={ids.minutes}>
        <button type="button" class="btn" aria-label={t('wo.minutes.less', { n: 15 })} onClick={() => add(-15)}>
          −15
        </button>
        {STEPS.map((n) => (
          <button key={n} type="button" class="btn" aria-label={t('wo.minutes.add', { n })} onClick={() => add(n)}>
            +{n}
          </button>
        ))}
      </div>
      <div class="wostep" role="group" aria-label={t('wo.people')}>
        <button type="button" class="btn" aria-label={t('wo.people.less')} onClick={() => with1(-1)}>
          −
        </button>
        <output class="wostep__mid num" aria-live="polite">
          {t('wo.people.n', { n: people })}
        </output>
        <button type="button" class="btn" aria-label={t('wo.people.add')} onClick={() => with1(1)}>
          +
        </button>
      </div>
    </Field>
  );
}
