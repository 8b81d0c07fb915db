import { icons, type IconName } from './icons';

export type IconProps = { name: IconName };

/** One icon, silent for screen readers: a word beside it or an accessible name carries the meaning. */
export function Icon({ name }: IconProps) {
  return (
    <svg class="i" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {icons[name].split('|').map((part) => {
        if (part.startsWith('f:')) return <path class="i__f" d={part.slice(2)} />;
        if (part.startsWith('h:')) return <path class="i__h" d={part.slice(2)} />;
        if (part.startsWith('d:')) return <path class="i__d" d={part.slice(2)} />;
        return <path d={part} />;
      })}
    </svg>
  );
}
