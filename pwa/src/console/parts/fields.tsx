/** Fields of forms: a label that stays, a hint, and the error where it belongs. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { tc } from '../../i18n/console';
import type { Label } from '../../i18n/label';

type Common = {
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  /** A field that may stay empty says so. */
  optional?: boolean;
};
type Wired = { id: string; 'aria-invalid'?: true; 'aria-describedby'?: string };

function Frame({ label, hint, error, optional = false, narrow = false, children }: Common & { narrow?: boolean; children: (wired: Wired) => ComponentChildren }) {
  const id = useId();
  const notes = [hint ? `${id}h` : null, error ? `${id}e` : null].filter(Boolean).join(' ');
  const wired: Wired = { id, ...(error ? { 'aria-invalid': true } : {}), ...(notes ? { 'aria-describedby': notes } : {}) };
  return (
    <div class={narrow ? 'field field--narrow' : 'field'}>
      <label for={id}>
        {label}
        {optional && <small> {tc('field.optional')}</small>}
      </label>
      {children(wired)}
      {hint && (
        <small id={`${id}h`} class="field__h">
          {hint}
        </small>
      )}
      {error && (
        <small id={`${id}e`} class="field__e" data-tone="bad">
          {error}
        </small>
      )}
    </div>
  );
}

export type TextFieldProps = Common & {
  value: string;
  onText: (text: string) => void;
  type?: 'text' | 'password' | 'number' | 'date' | 'time';
  narrow?: boolean;
  required?: boolean;
  auto?: string;
  mode?: 'numeric' | 'decimal' | 'text';
  most?: number;
  focus?: boolean;
  min?: string | undefined;
  max?: string | undefined;
};

/** One line. */
export function TextField(props: TextFieldProps) {
  const { value, onText, type = 'text', narrow = false, required = false, auto, mode, most, focus, min, max, ...common } = props;
  // the types of the five kinds of input differ only in what does not matter here
  const rest: object = {
    type,
    ...(auto ? { autocomplete: auto as 'off' } : {}),
    ...(mode ? { inputMode: mode } : {}),
    ...(most ? { maxLength: most } : {}),
    ...(min ? { min } : {}),
    ...(max ? { max } : {}),
  };
  return (
    <Frame {...common} narrow={narrow}>
      {(wired) => (
        <input
          {...wired}
          {...rest}
          class="input"
          value={value}
          required={required}
          ref={(input) => {
            if (focus && input && input.dataset['seen'] === undefined) {
              input.dataset['seen'] = '';
              input.focus();
            }
          }}
          onInput={(event) => onText(event.currentTarget.value)}
        />
      )}
    </Frame>
  );
}

/** Some lines. */
export function AreaField({ value, onText, rows = 3, most, ...common }: Common & { value: string; onText: (text: string) => void; rows?: number; most?: number }) {
  return (
    <Frame {...common}>
      {(wired) => (
        <textarea {...wired} rows={rows} value={value} {...(most ? { maxLength: most } : {})} onInput={(event) => onText(event.currentTarget.value)} />
      )}
    </Frame>
  );
}

export type Option = { value: string; word: string };

/** One of a list. */
export function SelectField({ value, onChoose, options, narrow = false, ...common }: Common & { value: string; onChoose: (value: string) => void; options: readonly Option[]; narrow?: boolean }) {
  return (
    <Frame {...common} narrow={narrow}>
      {(wired) => (
        <select {...wired} value={value} onChange={(event) => onChoose(event.currentTarget.value)}>
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.word}
            </option>
          ))}
        </select>
      )}
    </Frame>
  );
}

/** Yes or no. */
export function CheckField({ label, hint, checked, onCheck }: { label: string; hint?: string; checked: boolean; onCheck: (checked: boolean) => void }) {
  return (
    <label class="tick">
      <input type="checkbox" checked={checked} onChange={(event) => onCheck(event.currentTarget.checked)} />
      <span>
        {label}
        {hint && <small>{hint}</small>}
      </span>
    </label>
  );
}

/** Some of a few, as words in a row. */
export function TickRow({ label, options, chosen, onChoose, error }: { label: string; options: readonly Option[]; chosen: readonly string[]; onChoose: (chosen: string[]) => void; error?: string | null }) {
  return (
    <fieldset class="field">
      <legend>{label}</legend>
      <div class="ticks">
        {options.map((option) => (
          <label key={option.value} class="fil fil--tick" data-on={chosen.includes(option.value) ? '' : undefined}>
            <input
              type="checkbox"
              class="vh"
              checked={chosen.includes(option.value)}
              onChange={(event) =>
                onChoose(event.currentTarget.checked ? [...chosen, option.value] : chosen.filter((one) => one !== option.value))
              }
            />
            {option.word}
          </label>
        ))}
      </div>
      {error && (
        <small class="field__e" role="alert" data-tone="bad">
          {error}
        </small>
      )}
    </fieldset>
  );
}

/** A name in both languages; an empty English one shows the Chinese. */
export function LabelField({ label, value, onLabel, errorAt, path = 'name', focus = false }: { label: string; value: Label; onLabel: (value: Label) => void; errorAt: (path: string) => string | null; path?: string; focus?: boolean }) {
  return (
    <div class="pair">
      <TextField
        label={`${label} · ${tc('field.zh')}`}
        value={value.zh}
        required
        most={120}
        focus={focus}
        error={errorAt(`${path}.zh`) ?? errorAt(path)}
        onText={(zh) => onLabel({ ...value, zh })}
      />
      <TextField label={`${label} · ${tc('field.en')}`} optional value={value.en} most={120} error={errorAt(`${path}.en`)} onText={(en) => onLabel({ ...value, en })} />
    </div>
  );
}
