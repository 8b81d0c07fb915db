/** `make bench-lookup`: prints what it takes to find an asset on a phone; fails over 50 ms for one question. */
import { measure } from './measure';

const MOST_MS = 50;
const assets = Number(process.env['ASSETS'] ?? 5_000);
const { worldMs, indexMs, worst, mean } = measure(assets, Number(process.env['ROUNDS'] ?? 400), () => performance.now());
const ms = (n: number): string => `${n.toFixed(2)} ms`;
process.stdout.write(
  `${assets} assets: rows read ${ms(worldMs)}, index made ${ms(indexMs)} (once per change), ` +
    `one question ${ms(mean)} in the mean, ${ms(worst.ms)} at most (“${worst.question}”)\n`,
);
if (worst.ms > MOST_MS) {
  process.stdout.write(`more than ${MOST_MS} ms\n`);
  process.exit(1);
}
process.exit(0);
