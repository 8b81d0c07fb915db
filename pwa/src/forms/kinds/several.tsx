import { useId } from 'preact/hooks';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import { faultOf, inOrder } from '../../protocol/forms';
import type { SeveralField } from '../../protocol/entities';
import type { InputProps, Kind } from '../kind';
import { Ask, FaultDetails } from '../shared';

function Input(props: InputProps<SeveralField>) {
  const { field, answer, onAnswer } = props;
  const id = useId();
  const chosen = typeof answer === 'string' ? answer.split(' ') : [];
  const turn = (option: string, on: boolean): void => {
    const next = on ? [...chosen, option] : chosen.filter((one) => one !== option);
    onAnswer(inOrder(field, next) || undefined);
  };
  return (
    <Ask of={props} id={id} aside={t('form.several', { n: chosen.length })}>
      <ul class="ticks" role="group" aria-labelledby={id}>
        {field.options.map((option) => {
          const on = chosen.includes(option.id);
          return (
            <li key={option.id}>
              <label class="tick" data-on={on ? '' : undefined}>
                <input type="checkbox" checked={on} onChange={(event) => turn(option.id, event.currentTarget.checked)} />
                <span lang={langOf(option.label)}>{say(option.label)}</span>
              </label>
            </li>
          );
        })}
      </ul>
      {answer !== undefined && faultOf(field, answer) !== null && <FaultDetails {...props} needsPhoto={false} />}
    </Ask>
  );
}

/** Any that apply: a tick each, as wide as the screen. */
export const several: Kind<SeveralField> = { kind: 'several', Input };
