import { tc } from '../../../i18n/console';
import { directionOf, FAR_M, HEIGHT, plotOf, WIDTH } from './plot';

type PlaceFigureProps = { eastM: number; northM: number; accuracyM: number | null; awayM: number; far: boolean };

/**
 * The stop solid, for it is known; where the phone says it was hollow, for it is only said; around it the circle in which
 * it says it was. No map: nothing is fetched from anywhere, and a street would look like proof.
 */
export function PlaceFigure({ eastM, northM, accuracyM, awayM, far }: PlaceFigureProps) {
  const { place, phone, radius, limit, bar } = plotOf(eastM, northM, accuracyM);
  const tone = far ? 'var(--warn-solid)' : 'var(--live-solid)';
  const isAbove = phone.y <= place.y;
  const accuracy = accuracyM === null ? tc('place.accuracy.none') : tc('place.accuracy', { n: accuracyM });
  const said =
    awayM === 0
      ? tc('place.figure.at', { accuracy })
      : tc('place.figure', { n: awayM, direction: tc(`place.${directionOf(eastM, northM)}`), accuracy });
  return (
    <figure class="placefig">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={said}>
        {limit !== null && <circle cx={place.x} cy={place.y} r={limit} fill="none" stroke="var(--line-strong)" stroke-width="1.5" stroke-dasharray="3 5" />}
        {radius !== null && (
          <>
            <circle cx={phone.x} cy={phone.y} r={radius} fill={tone} opacity=".14" />
            <circle cx={phone.x} cy={phone.y} r={radius} fill="none" stroke={tone} stroke-width="1.5" />
          </>
        )}
        <line x1={place.x} y1={place.y} x2={phone.x} y2={phone.y} stroke={tone} stroke-width="2" />
        <rect x={place.x - 6} y={place.y - 6} width="12" height="12" fill="var(--text)" />
        <circle cx={phone.x} cy={phone.y} r="6" fill="var(--surface)" stroke={tone} stroke-width="3" />
        <text class="strong" x={place.x} y={place.y + (isAbove ? 21 : -12)} text-anchor="middle">{tc('place.figure.place')}</text>
        <text class="strong" x={phone.x} y={phone.y + (isAbove ? -12 : 21)} text-anchor="middle">{tc('place.figure.phone')}</text>
        <path d={`M8 ${HEIGHT - 12}v6h${bar.px.toFixed(1)}v-6`} fill="none" stroke="var(--text-2)" stroke-width="2" />
        <text x={14} y={HEIGHT - 12}>{tc('place.m', { n: bar.metres })}</text>
        <path d={`M${WIDTH - 14} 34V12m-5 6 5-7 5 7`} fill="none" stroke="var(--text-2)" stroke-width="2" />
        <text x={WIDTH - 14} y="48" text-anchor="middle">{tc('place.up')}</text>
      </svg>
      <figcaption class="meta">
        {said}
        {radius !== null && <span>{tc('place.figure.circle')}</span>}
        {limit !== null && <span>{tc('place.figure.limit', { n: FAR_M })}</span>}
      </figcaption>
    </figure>
  );
}
