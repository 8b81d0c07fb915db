import { tc } from '../../../i18n/console';
import { say } from '../../../i18n/label';
import type { Condition } from '../../../protocol/entities';
import { SelectField, TextField, type Option } from '../../parts/fields';
import { conditionOf, figureOf, testOf, type DraftField } from './draft';

export type WhenProps = {
  label: string;
  condition: Condition;
  /** The fields above that a condition may speak of. */
  earlier: readonly DraftField[];
  error: string | null;
  onCondition: (condition: Condition) => void;
};

/** A condition in plain words: which item, and what its answer is. */
export function When({ label, condition, earlier, error, onCondition }: WhenProps) {
  const field = earlier.find((one) => one.id === condition.field);
  const test = testOf(condition);
  const tests = field ? testsOf(field) : [];
  const known = tests.some((one) => one.value === test) ? tests : [...tests, { value: test, word: wordOf(condition, field) }];
  return (
    <div class="pair">
      <SelectField
        label={label}
        error={error}
        value={field?.id ?? ''}
        options={[...(field ? [] : [{ value: '', word: tc('form.when.gone') }]), ...earlier.map((one, n) => ({ value: one.id, word: say(one.label) || tc('form.field.n', { n: n + 1 }) }))]}
        onChoose={(id) => {
          const next = earlier.find((one) => one.id === id);
          if (next) onCondition(firstOf(next));
        }}
      />
      <SelectField label={tc('form.when.test')} value={test} options={known} onChoose={(next) => onCondition(conditionOf(condition.field, next, figureOf(condition) || '0'))} />
      {(test === 'over' || test === 'under') && (
        <TextField label={tc('form.when.figure')} mode="decimal" narrow value={figureOf(condition)} onText={(figure) => onCondition(conditionOf(condition.field, test, figure))} />
      )}
    </div>
  );
}

/** The condition that is offered first for an item: that something is wrong with it. */
export function firstOf(field: DraftField): Condition {
  return conditionOf(field.id, testsOf(field)[0]!.value, '0');
}

function testsOf(field: DraftField): Option[] {
  switch (field.kind) {
    case 'check':
      return (['fault', 'ok', 'na'] as const).map((word) => ({ value: `is:${word}`, word: tc(`form.when.${word}`) }));
    case 'choice':
    case 'several':
      return field.options.map((one, n) => ({ value: `is:${one.id}`, word: tc('form.when.chosen', { name: say(one.label) || tc('form.option', { n: n + 1 }) }) }));
    default:
      return [
        { value: 'level:warning,alarm', word: tc('form.when.beyond') },
        { value: 'level:alarm', word: tc('form.when.alarm') },
        { value: 'over', word: tc('form.when.over') },
        { value: 'under', word: tc('form.when.under') },
      ];
  }
}

/** A test that was written elsewhere and is not among those offered. */
function wordOf(condition: Condition, field: DraftField | undefined): string {
  const words = 'in' in condition ? condition.in : 'level' in condition ? condition.level : 'is' in condition ? [condition.is] : [];
  const named = words.map((word) => {
    const option = field?.options.find((one) => one.id === word);
    return option ? say(option.label) : word;
  });
  return tc('form.when.chosen', { name: named.join(tc('list.or')) });
}

/** Whether a field asks something only under a condition, in a few words for its row. */
export function whenWords(condition: Condition, fields: readonly DraftField[]): string {
  const field = fields.find((one) => one.id === condition.field);
  if (!field) return tc('form.when.gone');
  const test = testOf(condition);
  const word = testsOf(field).find((one) => one.value === test)?.word ?? wordOf(condition, field);
  return tc('form.when.words', { name: say(field.label), test: `${word}${figureOf(condition) === '' ? '' : ` ${figureOf(condition)}`}` });
}
