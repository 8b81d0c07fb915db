import { useEffect } from 'preact/hooks';

export type ToastProps = { children: string; act?: string; onAct?: () => void; onGone: () => void };

/** Six seconds over the dock, at most one button; never for an error and never for "saved". */
export function Toast({ children, act, onAct, onGone }: ToastProps) {
  useEffect(() => {
    const timer = setTimeout(onGone, 6000);
    return () => clearTimeout(timer);
  }, [onGone]);
  return (
    <div class="toast" role="status">
      {children}
      {act !== undefined && (
        <button type="button" onClick={onAct}>
          {act}
        </button>
      )}
    </div>
  );
}
