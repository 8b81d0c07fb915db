/**
 * Draws the chart of a meter on a canvas: limits as bands, readings as points, how sure their time is as
 * whiskers, exchanges as dotted lines, and silence hatched. No line crosses a silence.
 */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { tc } from '../../../i18n/console';
import { clockTime } from '../../../i18n/format';
import { dayOf } from '../../dates';
import type { Limits } from '../../types';
import type { Chart, Level } from './types';

/** One place on the chart: a reading, or the two ends of a stretch. */
export type Spot = { at: number; low: number; high: number; level: Level; marked: boolean; from: number | null; until: number | null };

export type Plotted = { to: (chart: Chart, span: Span) => void; size: (width: number) => void; end: () => void };
export type Span = { from: number; to: number };
export type PlotHooks = { zone: string; onZoom: (span: Span) => void; onSpot: (spot: Spot | null) => void };

/** The spots of a chart, in the order of time. */
export function spotsOf(chart: Chart): Spot[] {
  if (chart.stretches.length > 0) {
    return chart.stretches.map((one) => ({ at: one.at_ms, low: Number(one.low), high: Number(one.high), level: one.level, marked: one.marks > 0, from: null, until: null }));
  }
  return chart.points.map((one) => ({
    at: one.at_ms, low: Number(one.value), high: Number(one.value), level: one.level,
    marked: one.mark === 'jump' || one.mark === 'lower', from: one.lower_ms, until: one.upper_ms,
  }));
}

/** The times between two spots in which nothing was heard. */
export function silences(spots: readonly Spot[], gapMs: number): Span[] {
  const found: Span[] = [];
  for (let i = 1; i < spots.length; i += 1) {
    const [before, after] = [spots[i - 1]!, spots[i]!];
    if (after.at - before.at > gapMs) found.push({ from: before.at, to: after.at });
  }
  return found;
}

/** What the lines go through: a hole is put into every silence. */
export function linesOf(spots: readonly Spot[], gapMs: number): [number[], (number | null)[], (number | null)[]] {
  const [x, low, high]: [number[], (number | null)[], (number | null)[]] = [[], [], []];
  spots.forEach((spot, i) => {
    const before = spots[i - 1];
    if (before && spot.at - before.at > gapMs) {
      x.push((before.at + spot.at) / 2_000);
      low.push(null);
      high.push(null);
    }
    x.push(spot.at / 1_000);
    low.push(spot.low);
    high.push(spot.high);
  });
  return [x, low, high];
}

/** How far the scale goes: every reading is on it, and every limit. */
export function rangeOf(spots: readonly Spot[], limits: readonly Limits[]): [number, number] {
  const all = [
    ...spots.flatMap((spot) => [spot.low, spot.high]),
    ...limits.flatMap((one) => Object.values(one).map(Number)),
  ];
  const low = all.reduce((a, b) => Math.min(a, b), Infinity);
  const high = all.reduce((a, b) => Math.max(a, b), -Infinity);
  if (!Number.isFinite(low)) return [0, 1];
  const pad = (high - low || Math.abs(high) || 1) * 0.12;
  return [low - pad, high + pad];
}

/** Begin a chart in `box`. */
export function plot(box: HTMLElement, hooks: PlotHooks): Plotted {
  let chart: Chart = { points: [], stretches: [], exchanges: [], bands: [], readings: 0, gap_ms: 0 };
  let span: Span = { from: 0, to: 1 };
  let spots: Spot[] = [];
  let colours = read(box);
  const dark = matchMedia('(prefers-color-scheme: dark)');

  const drawing = new uPlot(
    {
      width: Math.max(box.clientWidth, 240),
      height: heightFor(box.clientWidth),
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), hooks.zone),
      legend: { show: false },
      cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: false, dist: 8 } },
      scales: { x: { time: true, range: () => [span.from / 1_000, span.to / 1_000] }, y: { range: () => rangeOf(spots, chart.bands.map((band) => band.limits)) } },
      axes: [
        { stroke: () => colours.text2, grid: { show: false }, ticks: { stroke: () => colours.line }, font: colours.font, space: 72, values: (_u, splits) => splits.map((at) => tick(at * 1_000, span, hooks.zone)) },
        { stroke: () => colours.text2, grid: { stroke: () => colours.line, width: 1 }, ticks: { show: false }, font: colours.font, size: 64 },
      ],
      series: [{}, { stroke: () => colours.text, width: 1.5, points: { show: false }, spanGaps: false }, { stroke: () => colours.text, width: 1.5, points: { show: false }, spanGaps: false }],
      bands: [{ series: [2, 1], fill: () => colours.between }],
      hooks: {
        drawClear: [(u) => ground(u, chart, spots, colours)],
        draw: [(u) => marks(u, chart, spots, colours, hooks.zone)],
        setSelect: [
          (u) => {
            if (u.select.width < 8) return;
            hooks.onZoom({ from: u.posToVal(u.select.left, 'x') * 1_000, to: u.posToVal(u.select.left + u.select.width, 'x') * 1_000 });
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          },
        ],
        setCursor: [(u) => hooks.onSpot(u.cursor.left == null || u.cursor.left < 0 ? null : nearest(spots, u.posToVal(u.cursor.left, 'x') * 1_000))],
      },
    },
    [[], [], []],
    box,
  );

  const recolour = () => {
    colours = read(box);
    drawing.redraw(false);
  };
  dark.addEventListener('change', recolour);
  return {
    to: (next, wanted) => {
      chart = next;
      span = wanted;
      spots = spotsOf(next);
      drawing.setData(linesOf(spots, next.gap_ms));
    },
    size: (width) => drawing.setSize({ width: Math.max(width, 240), height: heightFor(width) }),
    end: () => {
      dark.removeEventListener('change', recolour);
      drawing.destroy();
    },
  };
}

const heightFor = (width: number) => (width < 480 ? 250 : 320);

type Colours = Record<'text' | 'text2' | 'line' | 'surface' | 'good' | 'warn' | 'bad' | 'warnLine' | 'badLine' | 'warnText' | 'badText' | 'unsure' | 'unsureLine' | 'live' | 'between' | 'font', string>;

function read(box: HTMLElement): Colours {
  const style = getComputedStyle(box);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: of('--text'), text2: of('--text-2'), line: of('--line'), surface: of('--surface'),
    good: of('--good-soft'), warn: of('--warn-soft'), bad: of('--bad-soft'), warnLine: of('--warn-solid'), badLine: of('--bad-solid'), warnText: of('--warn'), badText: of('--bad'),
    unsure: of('--hatch'), unsureLine: of('--unsure'), live: of('--live'), between: of('--calm-soft'),
    font: `13px ${style.fontFamily || 'sans-serif'}`,
  };
}

/** What stands at the axis of time: days, months, or hours where the span is short. */
function tick(ms: number, span: Span, zone: string): string {
  const day = dayOf(ms, zone);
  const long = span.to - span.from;
  if (long > 400 * 86_400_000) return day.slice(0, 7);
  if (long > 4 * 86_400_000) return day.slice(5);
  const time = clockTime(ms, zone);
  return time === '00:00' ? day.slice(5) : time;
}

function nearest(spots: readonly Spot[], at: number): Spot | null {
  let [low, high] = [0, spots.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (spots[middle]!.at < at) low = middle + 1;
    else high = middle;
  }
  const [after, before] = [spots[low], spots[low - 1]];
  if (!after || !before) return after ?? null;
  return at - before.at < after.at - at ? before : after;
}

// -- the ground -----------------------------------------------------------------------

function ground(u: uPlot, chart: Chart, spots: readonly Spot[], colours: Colours): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  const x = (ms: number) => u.valToPos(ms / 1_000, 'x', true);
  const y = (value: number) => u.valToPos(value, 'y', true);
  for (const band of chart.bands) {
    const [from, to] = [x(band.from_ms), x(band.to_ms)];
    const { alarm_low, warn_low, warn_high, alarm_high } = band.limits;
    if (!alarm_low && !warn_low && !warn_high && !alarm_high) continue;
    const fill = (colour: string, a: number, b: number) => {
      ctx.fillStyle = colour;
      ctx.fillRect(from, Math.min(a, b), to - from, Math.abs(b - a));
    };
    const [bottom, ceiling] = [top + height, top];
    fill(colours.good, bottom, ceiling);
    if (warn_high) fill(colours.warn, y(Number(warn_high)), ceiling);
    if (warn_low) fill(colours.warn, y(Number(warn_low)), bottom);
    if (alarm_high) fill(colours.bad, y(Number(alarm_high)), ceiling);
    if (alarm_low) fill(colours.bad, y(Number(alarm_low)), bottom);
    const rule = (value: string | undefined, colour: string, dash: number[]) => value && line(ctx, from, y(Number(value)), to, y(Number(value)), colour, dash);
    const name = (value: string | undefined, word: string, colour: string, above: boolean) => {
      if (value === undefined || band !== chart.bands.at(-1)) return;
      ctx.font = `700 ${12 * devicePixelRatio}px sans-serif`;
      ctx.textAlign = 'right';
      ctx.fillStyle = colour;
      ctx.fillText(word, left + width - 6 * devicePixelRatio, y(Number(value)) + (above ? -5 : 14) * devicePixelRatio);
    };
    rule(warn_high, colours.warnLine, [6, 4]);
    rule(warn_low, colours.warnLine, [6, 4]);
    rule(alarm_high, colours.badLine, []);
    rule(alarm_low, colours.badLine, []);
    name(alarm_high, tc('meter.line.alarm'), colours.badText, true);
    name(alarm_low, tc('meter.line.alarm'), colours.badText, false);
    if (warn_high !== alarm_high) name(warn_high, tc('meter.line.warn'), colours.warnText, true);
    if (warn_low !== alarm_low) name(warn_low, tc('meter.line.warn'), colours.warnText, false);
  }
  for (const quiet of silences(spots, chart.gap_ms)) hatch(u, x(quiet.from), x(quiet.to), colours);
  ctx.restore();
}

function hatch(u: uPlot, from: number, to: number, colours: Colours): void {
  const { ctx } = u;
  const { top, height } = u.bbox;
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, top, to - from, height);
  ctx.clip();
  const step = 9 * devicePixelRatio;
  for (let at = from - height; at < to; at += step) line(ctx, at, top + height, at + height, top, colours.unsure, [], 2);
  if (to - from > 56 * devicePixelRatio) {
    ctx.font = `700 ${13 * devicePixelRatio}px sans-serif`;
    ctx.textAlign = 'center';
    ctx.fillStyle = colours.unsureLine;
    ctx.fillText(tc('meter.silence'), (from + to) / 2, top + 18 * devicePixelRatio);
  }
  ctx.restore();
}

function line(ctx: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number, colour: string, dash: number[], wide = 1.5): void {
  ctx.strokeStyle = colour;
  ctx.lineWidth = wide * devicePixelRatio;
  ctx.setLineDash(dash.map((n) => n * devicePixelRatio));
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
  ctx.setLineDash([]);
}

// -- what stands on it ----------------------------------------------------------------

function marks(u: uPlot, chart: Chart, spots: readonly Spot[], colours: Colours, zone: string): void {
  const { ctx } = u;
  const { left, top, width, height } = u.bbox;
  const x = (ms: number) => u.valToPos(ms / 1_000, 'x', true);
  const y = (value: number) => u.valToPos(value, 'y', true);
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, width, height);
  ctx.clip();
  for (const exchange of chart.exchanges) {
    const at = x(exchange.at_ms);
    line(ctx, at, top, at, top + height, colours.live, [2, 4], 2);
    const right = at > left + width * 0.7;
    ctx.font = `700 ${13 * devicePixelRatio}px sans-serif`;
    ctx.textAlign = right ? 'right' : 'left';
    ctx.fillStyle = colours.live;
    ctx.fillText(`${tc('meter.mark.exchanged')} ${dayOf(exchange.at_ms, zone).slice(5)}`, at + (right ? -6 : 6) * devicePixelRatio, top + height - 10 * devicePixelRatio);
  }
  const few = spots.length <= 400;
  for (const spot of spots) {
    const [at, high, low] = [x(spot.at), y(spot.high), y(spot.low)];
    if (spot.from !== null && spot.until !== null && x(spot.until) - x(spot.from) > 6 * devicePixelRatio) {
      line(ctx, x(spot.from), high, x(spot.until), high, colours.text2, [], 1);
      line(ctx, x(spot.from), high - 5 * devicePixelRatio, x(spot.from), high + 5 * devicePixelRatio, colours.text2, [], 1);
      line(ctx, x(spot.until), high - 5 * devicePixelRatio, x(spot.until), high + 5 * devicePixelRatio, colours.text2, [], 1);
    }
    if (!few && spot.level === 'normal' && !spot.marked) continue;
    const colour = spot.level === 'alarm' ? colours.badLine : spot.level === 'warning' ? colours.warnLine : colours.text;
    const size = (spot.level === 'alarm' ? 5 : spot.level === 'warning' || spot.marked ? 4 : few && spots.length < 150 ? 2.8 : 1.8) * devicePixelRatio;
    for (const place of spot.high === spot.low ? [high] : [high, low]) dot(ctx, at, place, size, spot.marked ? colours.surface : colour, spot.marked ? colours.unsureLine : colours.surface, spot.marked ? 2.5 : 1);
  }
  ctx.restore();
}

function dot(ctx: CanvasRenderingContext2D, x: number, y: number, size: number, fill: string, edge: string, wide: number): void {
  ctx.beginPath();
  ctx.arc(x, y, size, 0, 2 * Math.PI);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.lineWidth = wide * devicePixelRatio;
  ctx.strokeStyle = edge;
  ctx.stroke();
}
