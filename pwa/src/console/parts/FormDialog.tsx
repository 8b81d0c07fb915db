import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { tc } from '../../i18n/console';
import { Button, type ButtonKind } from '../../ui/Button';

export type FormDialogProps = {
  title: string;
  children: ComponentChildren;
  /** The verb of the act; Enter gives it too. */
  go: string;
  goKind?: ButtonKind;
  busy?: boolean;
  onGo: () => void;
  /** The safe way out, first; Escape gives it too. */
  onStay: () => void;
  stay?: string;
};

/** A question that wants something typed. The browser keeps the focus inside and gives it back. */
export function FormDialog({ title, children, go, goKind = 'ink', busy = false, onGo, onStay, stay }: FormDialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      class="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onStay();
      }}
    >
      <form
        class="dialog__in form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation(); // a dialog that was opened from within a form sends that one not
          if (!busy) onGo();
        }}
      >
        <h2 id={id}>{title}</h2>
        {children}
        <div class="acts">
          <Button onPress={onStay}>{stay ?? tc('act.stay')}</Button>
          <Button submit kind={goKind} busy={busy}>
            {go}
          </Button>
        </div>
      </form>
    </dialog>
  );
}
