/** A signature on a page of its own: drawn with a finger, upright or sideways, or the name typed instead. */
import type { Ref } from 'preact';
import { useId, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/t';
import { Button } from '../Button';
import { Field } from '../Field';
import { Note } from '../Saved';
import { Dock, DockRow, Screen } from '../Screen';
import { usePad } from './pad';

/** The most characters of a name. */
const MOST_NAME = 64;

export type SignatureProps = {
  title: string;
  sub?: string;
  /** Who signs, in letters. */
  name: { value: string; onChange: (name: string) => void };
  /** Whether a drawn signature is asked for the name as well. */
  asksName: boolean;
  onDone: (png: Uint8Array) => void;
  /** The name was typed instead. */
  onTyped: () => void;
  onCancel: () => void;
};

/** Draw, take a line back, begin again, take it. Who cannot draw types the name, and the record says so. */
export function Signature(props: SignatureProps) {
  const [typing, setTyping] = useState(false);
  return typing ? <Typing {...props} onDraw={() => setTyping(false)} /> : <Drawing {...props} onType={() => setTyping(true)} />;
}

function Name({ name, input = null }: Pick<SignatureProps, 'name'> & { input?: Ref<HTMLInputElement> }) {
  const id = useId();
  return (
    <Field questionId={`${id}q`} htmlFor={id} question={t('ink.name')}>
      <input ref={input} id={id} type="text" autocomplete="off" maxLength={MOST_NAME} value={name.value} onInput={(event) => name.onChange(event.currentTarget.value)} />
    </Field>
  );
}

function Drawing({ title, sub, name, asksName, onDone, onCancel, onType }: SignatureProps & { onType: () => void }) {
  const [wide, setWide] = useState(false);
  const { canvas, drawn, failed, undo, clear, take } = usePad(wide);
  return (
    <Screen
      small
      close
      onBack={onCancel}
      title={title}
      {...(sub === undefined || wide ? {} : { sub })}
      dock={
        <Dock plain>
          {drawn ? (
            <Button kind="main" icon="check" onPress={() => take(onDone)}>
              {t('ink.sign')}
            </Button>
          ) : (
            <Button kind="todo" icon="pen" onPress={() => canvas.current?.scrollIntoView({ block: 'center' })}>
              {t('ink.here')}
            </Button>
          )}
          <DockRow>
            <Button icon="back" onPress={undo}>
              {t('ink.undo')}
            </Button>
            <Button icon="erase" onPress={clear}>
              {t('ink.clear')}
            </Button>
          </DockRow>
        </Dock>
      }
    >
      {failed && (
        <Note tone="bad" icon="rc-attention" live>
          {t('ink.failed')}
        </Note>
      )}
      <div class={wide ? 'ink ink--wide' : 'ink'}>
        <canvas ref={canvas} class="ink__pad" role="img" aria-label={t(drawn ? 'ink.signed' : 'ink.here')} />
        {!drawn && (
          <p class="ink__hint" aria-hidden="true">
            {t('ink.here')}
          </p>
        )}
      </div>
      <DockRow>
        <Button kind="quiet" icon="swap" onPress={() => setWide(!wide)}>
          {t(wide ? 'ink.upright' : 'ink.wide')}
        </Button>
        <Button kind="quiet" icon="user" onPress={onType}>
          {t('ink.type')}
        </Button>
      </DockRow>
      {asksName && !wide && <Name name={name} />}
    </Screen>
  );
}

function Typing({ title, sub, name, onTyped, onCancel, onDraw }: SignatureProps & { onDraw: () => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <Screen
      small
      close
      onBack={onCancel}
      title={title}
      {...(sub === undefined ? {} : { sub })}
      dock={
        <Dock plain>
          {name.value.trim() === '' ? (
            <Button kind="todo" icon="down" onPress={() => input.current?.focus()}>
              {t('ink.name.need')}
            </Button>
          ) : (
            <Button kind="main" icon="check" object={name.value.trim()} onPress={onTyped}>
              {t('ink.typed.take')}
            </Button>
          )}
        </Dock>
      }
    >
      <Name name={name} input={input} />
      <Note tone="calm" icon="pen">
        {t('ink.typed.why')}
      </Note>
      <Button kind="quiet" icon="pen" onPress={onDraw}>
        {t('ink.draw')}
      </Button>
    </Screen>
  );
}
