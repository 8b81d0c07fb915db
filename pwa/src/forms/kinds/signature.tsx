import { useId } from 'preact/hooks';
import { say } from '../../i18n/label';
import { t } from '../../i18n/t';
import type { SignatureField } from '../../protocol/entities';
import { Button } from '../../ui/Button';
import { Signature } from '../../ui/ink/Signature';
import type { InputProps, Kind, PageProps } from '../kind';
import { Ask } from '../shared';

function Input(props: InputProps<SignatureField>) {
  const { field, text, made, onOpen, onMade, onAnswer } = props;
  const id = useId();
  return (
    <Ask of={props} id={id}>
      {made?.url && <img class="signed" src={made.url} alt={t('ink.signed')} />}
      {made && field.name && text.trim() !== '' && <p class="strong">{text}</p>}
      <Button icon="pen" onPress={onOpen}>
        {t(made ? 'ink.again' : 'ink.open')}
      </Button>
      {made && (
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
      {...(field.name ? { name: { value: text, onChange: onText } } : {})}
      onDone={(bytes) => {
        onMade({ bytes, mime: 'image/png', role: 'signature' });
        onDone({ signed: true });
      }}
      onCancel={() => onDone(undefined)}
    />
  );
}

/** A name drawn with a finger, on a page of its own. */
export const signature = { kind: 'signature', Input, Page } satisfies Kind<SignatureField>;
