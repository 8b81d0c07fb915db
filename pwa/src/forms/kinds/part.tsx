import { useId } from 'preact/hooks';
import { langOf, say } from '../../i18n/label';
import { t } from '../../i18n/t';
import type { PartField } from '../../protocol/entities';
import { foldNumber } from '../../protocol/forms';
import type { Answer } from '../../protocol/records';
import type { InputProps, Kind } from '../kind';
import { Ask } from '../shared';

/** Of the list: a part that is not in it, and is named in words. */
const OTHER = 'other';

function Input(props: InputProps<PartField>) {
  const { answer, onAnswer, text, onText, parts } = props;
  const id = useId();
  const used = typeof answer === 'object' && 'quantity' in answer ? answer : null;
  const chosen = used === null ? '' : 'part' in used ? used.part : OTHER;
  const quantity = used?.quantity ?? '1';
  const unit = parts.find((one) => one.id === chosen)?.unit ?? '';
  const write = (which: string, many: string): void => {
    if (which !== OTHER) onText('');
    onAnswer(which === '' ? undefined : answerOf(which, many));
  };
  return (
    <Ask of={props} id={`${id}q`} htmlFor={id}>
      <select id={id} value={chosen} onChange={(event) => write(event.currentTarget.value, quantity)}>
        <option value="">{t('form.part.none')}</option>
        {parts.map((one) => (
          <option key={one.id} value={one.id} lang={langOf(one.name)}>
            {one.number} {say(one.name)}
          </option>
        ))}
        <option value={OTHER}>{t('form.part.other')}</option>
      </select>
      {chosen === OTHER && (
        <label>
          <span class="field__q">{t('form.part.name')}</span>
          <input type="text" autocomplete="off" maxLength={200} value={text} onInput={(event) => onText(event.currentTarget.value)} />
        </label>
      )}
      {chosen !== '' && (
        <label>
          <span class="field__q">
            <span>{t('form.part.quantity')}</span>
            {unit !== '' && <small>{unit}</small>}
          </span>
          <input
            type="text"
            inputMode="decimal"
            autocomplete="off"
            value={quantity}
            onFocus={(event) => event.currentTarget.select()}
            onChange={(event) => {
              const typed = foldNumber(event.currentTarget.value);
              const fits = typed !== null && Number(typed) > 0 ? typed : '1';
              event.currentTarget.value = fits;
              write(chosen, fits);
            }}
          />
        </label>
      )}
    </Ask>
  );
}

function answerOf(which: string, quantity: string): Answer {
  return which === OTHER ? { private: true, quantity } : { part: which, quantity };
}

/** A part that was used, out of the site's list or in words, and how many. */
export const part: Kind<PartField> = { kind: 'part', Input };
