import { useId } from 'preact/hooks';
import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import type { SignatureField } from '../../protocol/entities';
import { isTyped } from '../../protocol/forms';
import { Button } from '../../ui/Button';
import { Signature } from '../../ui/ink/Signature';
import type { InputProps, Kind, PageProps } from '../kind';
import { Ask } from '../shared';

function Input(props: InputProps<SignatureField>) {
  const { field, text, made, answer, onOpen, onMade, onAnswer } = props;
  const id = useId();
  const typed = isTyped(answer);
  const signed = made !== null || typed;
  return (
    <Ask of={props} id={id}>
      {made?.url && <img class="signed" src={made.url} alt={t('ink.signed')} />}
      {signed && (field.name || typed) && text.trim() !== '' && <p class="strong">{text}</p>}
      {typed && <p class="meta">{t('ink.typed')}</p>}
      <Button icon="pen" onPress={onOpen}>
        {t(signed ? 'ink.again' : 'ink.open')}
      </Button>
      {signed && (
        <Button
          kind="quiet"
          icon="bin"
          onPress={() => {
            onMade(null);
            onAnswer(undefined);
          }}
        >
          {t('ink.drop')}
        </Button>
      )}
    </Ask>
  );
}

function Page({ field, place, text, onText, onMade, onDone }: PageProps<SignatureField>) {
  return (
    <Signature
      title={say(field.label)}
      sub={place}
      name={{ value: text, onChange: onText }}
      asksName={field.name === true}
      onDone={(bytes) => {
        onMade({ bytes, mime: 'image/png', role: 'signature' });
        onDone({ signed: true });
      }}
      onTyped={() => {
        onMade(null);
        onDone({ typed: true });
      }}
      onCancel={() => onDone(undefined)}
    />
  );
}

/** A name drawn with a finger, or typed instead, on a page of its own. */
export const signature = { kind: 'signature', Input, Page } satisfies Kind<SignatureField>;
