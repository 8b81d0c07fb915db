import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button, type ButtonKind } from './Button';

export type DialogProps = {
  /** The question. */
  title: string;
  /** What follows from saying yes. */
  children?: ComponentChildren;
  /** The safe answer, first; Escape gives it too. A touch beside the dialog does nothing: gloves slip. */
  stay: string;
  onStay: () => void;
  /** The other answer, a verb; without one the dialog only tells. */
  go?: string;
  goKind?: ButtonKind;
  onGo?: () => void;
};

/** A question over the page: a bottom sheet on the phone. The browser keeps the focus inside and gives it back. */
export function Dialog({ title, children, stay, onStay, go, goKind = 'ink', onGo }: DialogProps) {
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
      <div class="dialog__in">
        <h2 id={id}>{title}</h2>
        {children}
        <div class="acts">
          <Button onPress={onStay}>{stay}</Button>
          {go !== undefined && (
            <Button kind={goKind} {...(onGo ? { onPress: onGo } : {})}>
              {go}
            </Button>
          )}
        </div>
      </div>
    </dialog>
  );
}
