import type { ComponentChildren } from 'preact';
import { tc } from '../../../i18n/console';
import { clockTime, clockTimeWithSeconds, day } from '../../../i18n/format';
import { dayOf, offset } from '../../dates';
import type { Evidence } from '../../types';
import { scaleOf } from './scale';

const HEIGHT = 84;
const AXIS = 36;

/** A share of the axis as SVG wants it. */
const percent = (share: number) => `${(share * 100).toFixed(2)}%`;

/**
 * Brackets are what is proven, the dot is the phone's own time, a dotted bracket is open. The words stand beside the
 * drawing and wrap; on a narrow screen they are a list below it.
 */
export function IntervalFigure({ time, zone }: { time: Evidence['time']; zone: string }) {
  const { lower_ms: lower, upper_ms: upper, estimate_ms: estimate, wall_ms: wall } = time;
  const open = time.quality === 'C' || time.quality === 'D';
  const scale = scaleOf(lower, estimate, upper, offset(upper, zone));
  const isOneDay = [lower ?? estimate, estimate, wall].every((ms) => day(ms, zone) === day(upper, zone));
  const full = (ms: number) => (isOneDay ? clockTimeWithSeconds(ms, zone) : `${day(ms, zone)} ${clockTimeWithSeconds(ms, zone)}`);
  const a = lower === null ? 0 : scale.at(lower);
  const b = scale.at(upper);
  const dot = scale.at(wall);
  const early = lower === null ? tc('time.lower.none') : tc('time.lower', { time: full(lower) });
  const late = tc('time.upper', { time: full(upper) });
  const own = tc('time.wall', { time: full(wall) });
  const tone = open ? 'var(--unsure-solid)' : 'var(--good-solid)';
  return (
    <div class="ivfig">
      <svg height={HEIGHT} width="100%" role="img" aria-label={[early, late, own].join(tc('list.comma'))}>
        <line x1="0" x2="100%" y1={AXIS} y2={AXIS} stroke="var(--line-strong)" stroke-width="2" />
        {scale.ticks.map((ms) => (
          <At key={ms} share={scale.at(ms)}>
            <path d={`M0 ${AXIS - 5}v10`} stroke="var(--line-strong)" stroke-width="2" />
            <text y={HEIGHT - 4} text-anchor="middle">
              {scale.days ? dayOf(ms, zone).slice(5) : clockTime(ms, zone)}
            </text>
          </At>
        ))}
        <rect x={percent(a)} y={AXIS - 16} width={percent(Math.max(0.005, b - a))} height="32" fill={tone} opacity=".18" />
        <g fill="none" stroke={tone} stroke-width="4">
          <At share={a}>
            <path d={`M12 ${AXIS - 24}h-12v48h12`} {...(lower === null ? { 'stroke-dasharray': '3 5' } : {})} />
          </At>
          <At share={b}>
            <path d={`M-12 ${AXIS - 24}h12v48h-12`} />
          </At>
        </g>
        <At share={dot}>
          <path d={`M0 ${AXIS}V0`} stroke="var(--text)" stroke-width="2" />
          <circle cy={AXIS} r="8" fill={scale.on(wall) ? 'var(--text)' : 'var(--surface)'} stroke="var(--text)" stroke-width="2" />
        </At>
      </svg>
      <dl>
        <div class="ivfig__a">
          <dt>{early}</dt>
          <dd>{tc(lower === null ? 'time.lower.none.why' : 'time.lower.why')}</dd>
        </div>
        <div class="ivfig__own" data-side={dot < 0.33 ? 'start' : dot > 0.67 ? 'end' : 'middle'}>
          <dt>{own}</dt>
          <dd class="only-narrow">{tc('time.wall.why')}</dd>
        </div>
        <div class="ivfig__b">
          <dt>{late}</dt>
          <dd>{tc('time.upper.why')}</dd>
        </div>
      </dl>
    </div>
  );
}

// a nested drawing may begin at a share of the width, and what is in it keeps its size
function At({ share, children }: { share: number; children: ComponentChildren }) {
  return (
    <svg x={percent(share)} overflow="visible">
      {children}
    </svg>
  );
}
