/** The filters above a list: the days that it spans, and one thing of several. They stand in the address. */
import type { ComponentChildren } from 'preact';
import { tc } from '../../i18n/console';
import { Button } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import type { IconName } from '../../ui/icons';

export type FilterRowProps = {
  /** Take every filter away; absent while there is none. */
  onClear?: (() => void) | false;
  children: ComponentChildren;
};

/** The row of filters, with the way to be rid of them. */
export function FilterRow({ onClear, children }: FilterRowProps) {
  return (
    <div class="filters" role="group" aria-label={tc('log.filters')}>
      {children}
      {onClear && (
        <Button kind="quiet" onPress={onClear}>
          {tc('log.clear')}
        </Button>
      )}
    </div>
  );
}

export type DaySpanProps = {
  /** Days such as `2026-11-30`; empty where the span has no end there. */
  from: string;
  to: string;
  /** The last day that may begin it. */
  last?: string;
  onFrom: (day: string | null) => void;
  onTo: (day: string | null) => void;
};

/** From one day to another. */
export function DaySpan({ from, to, last = to, onFrom, onTo }: DaySpanProps) {
  return (
    <span class="fil fil--span">
      <Icon name="plan" />
      <label>
        <span class="vh">{tc('log.from')}</span>
        <input type="date" value={from} max={last} onChange={(event) => onFrom(event.currentTarget.value || null)} />
      </label>
      <span aria-hidden="true">–</span>
      <label>
        <span class="vh">{tc('log.to')}</span>
        <input type="date" value={to} min={from} onChange={(event) => onTo(event.currentTarget.value || null)} />
      </label>
    </span>
  );
}

export type PickProps = {
  icon: IconName;
  label: string;
  /** Empty: all. */
  value: string;
  /** Value and word. */
  options: readonly (readonly [string, string])[];
  onPick: (value: string | null) => void;
};

/** One of several, or all. */
export function Pick({ icon, label, value, options, onPick }: PickProps) {
  return (
    <label class="fil fil--select" data-on={value === '' ? undefined : ''}>
      <Icon name={icon} />
      <span>{label}</span>
      <select value={value} onChange={(event) => onPick(event.currentTarget.value || null)}>
        <option value="">{tc('log.all')}</option>
        {options.map(([id, word]) => (
          <option key={id} value={id}>
            {word}
          </option>
        ))}
      </select>
      <Icon name="down" />
    </label>
  );
}
