import { useId } from 'preact/hooks';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { faultOf } from '../../protocol/forms';
import type { ChoiceField } from '../../protocol/entities';
import { Picks } from '../../ui/choices';
import type { InputProps, Kind } from '../kind';
import { Ask, FaultDetails } from '../shared';

/** With more options than this the phone's own list is easier than tiles. */
const MOST_PICKS = 6;

function Input(props: InputProps<ChoiceField>) {
  const { field, answer, onAnswer } = props;
  const id = useId();
  const chosen = typeof answer === 'string' ? answer : null;
  const isFault = answer !== undefined && faultOf(field, answer) !== null;
  return (
    <Ask of={props} id={id}>
      {field.options.length <= MOST_PICKS ? (
        <Picks
          labelledBy={id}
          chosen={chosen}
          onChoose={onAnswer}
          choices={field.options.map((option) => ({
            value: option.id,
            word: <span lang={langOf(option.label)}>{say(option.label)}</span>,
          }))}
        />
      ) : (
        <select aria-labelledby={id} value={chosen ?? ''} onChange={(event) => onAnswer(event.currentTarget.value || undefined)}>
          <option value="">{t('form.choose')}</option>
          {field.options.map((option) => (
            <option key={option.id} value={option.id} lang={langOf(option.label)}>
              {say(option.label)}
            </option>
          ))}
        </select>
      )}
      {isFault && <FaultDetails {...props} needsPhoto={false} />}
    </Ask>
  );
}

/** One of several: tiles, or the phone's list when there are many. */
export const choice: Kind<ChoiceField> = { kind: 'choice', Input };
