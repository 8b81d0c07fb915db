export type QrCodeProps = {
  /** One string of 0 and 1 per row of modules. */
  rows: readonly string[];
  /** What the code is, for those who do not see it. */
  name: string;
};

const QUIET = 4;

/** A QR code in black on white in both themes, with its quiet zone. */
export function QrCode({ rows, name }: QrCodeProps) {
  const size = rows.length + 2 * QUIET;
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={name} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      <path d={modulePath(rows)} fill="#000" />
    </svg>
  );
}

/** One run of dark modules becomes one bar. */
export function modulePath(rows: readonly string[]): string {
  return rows
    .flatMap((row, y) => [...row.matchAll(/1+/g)].map((run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`))
    .join('');
}
