/** Big keys of our own: no keyboard of the phone covers the page, and gloves hit them. */
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { t } from '../i18n/t';
import { Icon } from './Icon';

export type PadProps = {
  onDigit: (digit: string) => void;
  onErase: () => void;
  /** The key at the lower left: the decimal point, or nothing. */
  corner?: { label: string; name: string; press: () => void };
  /** Enter on a hardware keyboard. */
  onEnter?: () => void;
};

/** The ten digits, erase and one more key. It takes hardware keys too, full-width digits and a comma included. */
export function Pad({ onDigit, onErase, corner, onEnter }: PadProps) {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isText(event.target)) return;
      const key = event.key.normalize('NFKC');
      if (/^[0-9]$/.test(key)) onDigit(key);
      else if (key === 'Backspace') onErase();
      else if (corner && (key === '.' || key === ',')) corner.press();
      else if (key === 'Enter' && !isPressable(event.target)) onEnter?.();
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  });
  return (
    <div class="pad" role="group" aria-label={t('pin.keys')}>
      {['1', '2', '3', '4', '5', '6', '7', '8', '9'].map((digit) => (
        <Key key={digit} press={() => onDigit(digit)}>
          {digit}
        </Key>
      ))}
      {corner ? (
        <Key press={corner.press} name={corner.name}>
          {corner.label}
        </Key>
      ) : (
        <span />
      )}
      <Key press={() => onDigit('0')}>0</Key>
      <Key press={onErase} name={t('pin.erase')}>
        <Icon name="erase" />
      </Key>
    </div>
  );
}

function Key({ press, name, children }: { press: () => void; name?: string; children: ComponentChildren }) {
  return (
    <button type="button" aria-label={name} onClick={press}>
      {children}
    </button>
  );
}

function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement;
}

/** How many of the six digits have been entered; the digits themselves are never shown. */
export function PinDots({ entered }: { entered: number }) {
  return (
    <div class="pin" role="img" aria-label={t('pin.entered', { n: entered })}>
      {[0, 1, 2, 3, 4, 5].map((i) => (
        <i key={i} data-on={i < entered ? '' : undefined} />
      ))}
    </div>
  );
}
