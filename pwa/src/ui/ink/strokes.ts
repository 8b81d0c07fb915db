/** What is drawn onto a photo: a free line, a circle, an arrow. Pure but for the canvas it draws on. */

export type Tool = 'circle' | 'arrow' | 'free';
export type Point = readonly [number, number];
/** Points in pixels of the picture; of a circle and an arrow the first and the last count. */
export type Stroke = { tool: Tool; points: readonly Point[] };

/** Red that stands out from most things, with a white rim for the rest. */
const INK = '#e0102a';
const RIM = '#ffffff';

/** Draw one stroke; `width` is the line's, in pixels. */
export function draw(to: CanvasRenderingContext2D, stroke: Stroke, width: number): void {
  to.lineCap = 'round';
  to.lineJoin = 'round';
  for (const [color, wide] of [
    [RIM, width * 1.8],
    [INK, width],
  ] as const) {
    to.strokeStyle = color;
    to.lineWidth = wide;
    to.beginPath();
    outline(to, stroke, width);
    to.stroke();
  }
}

function outline(to: CanvasRenderingContext2D, { tool, points }: Stroke, width: number): void {
  const [x0, y0] = points[0]!;
  const [x1, y1] = points.at(-1)!;
  if (tool === 'circle') {
    to.ellipse((x0 + x1) / 2, (y0 + y1) / 2, Math.max(Math.abs(x1 - x0) / 2, width), Math.max(Math.abs(y1 - y0) / 2, width), 0, 0, 2 * Math.PI);
    return;
  }
  to.moveTo(x0, y0);
  for (const [x, y] of tool === 'arrow' ? [points.at(-1)!] : points.slice(1)) to.lineTo(x, y);
  if (tool === 'free' && points.length === 1) to.lineTo(x0, y0);
  if (tool === 'arrow') {
    for (const [x, y] of barbs([x0, y0], [x1, y1], width * 6)) {
      to.moveTo(x1, y1);
      to.lineTo(x, y);
    }
  }
}

/** The two ends of an arrow's head. */
export function barbs([x0, y0]: Point, [x1, y1]: Point, size: number): [Point, Point] {
  const along = Math.atan2(y1 - y0, x1 - x0);
  const at = (turn: number): Point => [x1 - size * Math.cos(along + turn), y1 - size * Math.sin(along + turn)];
  return [at(0.5), at(-0.5)];
}
