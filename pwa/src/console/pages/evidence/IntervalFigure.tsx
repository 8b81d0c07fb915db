import { tc } from '../../../i18n/console';
import { clockTime, clockTimeWithSeconds, day } from '../../../i18n/format';
import { offset } from '../../dates';
import type { Evidence } from '../../types';
import { LEFT, RIGHT, scaleOf } from './scale';

const AXIS = 60;

/** Brackets are what is proven, the dot is the phone's own time, a dotted bracket is open. */
export function IntervalFigure({ time, zone }: { time: Evidence['time']; zone: string }) {
  const { lower_ms: lower, upper_ms: upper, estimate_ms: estimate, wall_ms: wall } = time;
  const open = time.quality === 'C' || time.quality === 'D';
  const scale = scaleOf(lower, estimate, upper, offset(upper, zone));
  const seconds = (ms: number) => clockTimeWithSeconds(ms, zone);
  const far = (ms: number) => (day(ms, zone) === day(upper, zone) ? seconds(ms) : `${day(ms, zone)} ${seconds(ms)}`);
  const a = lower === null ? LEFT : scale.x(lower);
  const b = scale.x(upper);
  const dot = scale.x(wall);
  const early = lower === null ? tc('time.lower.none') : tc('time.lower', { time: far(lower) });
  const late = tc('time.upper', { time: far(upper) });
  const own = tc('time.wall', { time: far(wall) });
  const tone = open ? 'var(--unsure-solid)' : 'var(--good-solid)';
  return (
    <>
      <svg class="ivfig" viewBox="-24 0 688 112" role="img" aria-label={[early, late, own].join(tc('list.comma'))}>
        <path d={`M${LEFT} ${AXIS}H${RIGHT}`} stroke="var(--line-strong)" stroke-width="2" />
        {scale.ticks.map((ms) => (
          <g key={ms}>
            <path d={`M${scale.x(ms)} ${AXIS - 5}v10`} stroke="var(--line-strong)" stroke-width="2" />
            <text x={scale.x(ms)} y="104" text-anchor="middle">
              {scale.days ? day(ms, zone) : clockTime(ms, zone)}
            </text>
          </g>
        ))}
        <rect x={a} y="44" width={Math.max(2, b - a)} height="32" fill={tone} opacity=".18" />
        <g fill="none" stroke={tone} stroke-width="4">
          <path d={`M${a + 12} 36h-12v48h12`} {...(lower === null ? { 'stroke-dasharray': '3 5' } : {})} />
          <path d={`M${b - 12} 36h12v48h-12`} />
        </g>
        <path d={`M${dot} 50V28`} stroke="var(--text)" stroke-width="2" />
        <circle cx={dot} cy={AXIS} r="8" fill={scale.on(wall) ? 'var(--text)' : 'var(--surface)'} stroke="var(--text)" stroke-width="2" />
        <text class="strong" x={Math.min(470, Math.max(170, dot))} y="20" text-anchor="middle">
          {own}
        </text>
        <text class="strong" x="140" y="56" text-anchor="end">
          {early}
        </text>
        <text x="140" y="76" text-anchor="end">
          {tc(lower === null ? 'time.lower.none.why' : 'time.lower.why')}
        </text>
        <text class="strong" x="500" y="56">
          {late}
        </text>
        <text x="500" y="76">
          {tc('time.upper.why')}
        </text>
      </svg>
      <dl class="dl only-narrow">
        <dt>{early}</dt>
        <dd>{tc(lower === null ? 'time.lower.none.why' : 'time.lower.why')}</dd>
        <dt>{own}</dt>
        <dd>{tc('time.wall.why')}</dd>
        <dt>{late}</dt>
        <dd>{tc('time.upper.why')}</dd>
      </dl>
    </>
  );
}
