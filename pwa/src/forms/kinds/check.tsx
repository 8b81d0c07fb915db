import { useId } from 'preact/hooks';
import { t } from '../../i18n/t';
import type { CheckField } from '../../protocol/entities';
import { Answers } from '../../ui/choices';
import type { InputProps, Kind } from '../kind';
import { Ask, FaultDetails } from '../shared';

function Input(props: InputProps<CheckField>) {
  const { field, answer, onAnswer } = props;
  const id = useId();
  return (
    <Ask of={props} id={id}>
      <Answers
        labelledBy={id}
        chosen={typeof answer === 'string' ? (answer as 'ok' | 'fault' | 'na') : null}
        onChoose={onAnswer}
        choices={[
          { value: 'ok', word: t('form.ok'), icon: 'check', tone: 'good' },
          { value: 'fault', word: t('form.fault'), icon: 'report', tone: 'bad' },
          { value: 'na', word: t('form.na'), icon: 'minus', tone: 'calm' },
        ]}
      />
      {answer === 'fault' && <FaultDetails {...props} needsPhoto={field.photo_on_fault ?? false} />}
    </Ask>
  );
}

/** Three answers in a row; a fault opens photo and note in place. */
export const check: Kind<CheckField> = { kind: 'check', Input };
