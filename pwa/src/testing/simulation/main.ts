/** The long run: `make simulate ROUNDS=…`, or one story with `SEED=…`, act by act with `TELL=1`. */
import { told, type Equation } from './check';
import { tell } from './story';

const rounds = Number(process.env['ROUNDS'] ?? 1_000);
const only = process.env['SEED'];
const sum: Equation = { captured: 0, applied: 0, held: 0, forked: 0, quarantined: 0, pending: 0, destroyed: 0 };
const first = only === undefined ? Math.floor(Date.now() / 1_000) % 1_000_000_000 : Number(only);
let done = 0;
let stories = 0;
const failed: number[] = [];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

for (let seed = first; only === undefined ? done < rounds : seed === first; seed += 1) {
  const end = await tell(seed, process.env['TELL'] ? { watch: say } : {}).catch((error: unknown) => {
    const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, trace: '', rounds: 1, wrongs: [what], sum: null };
  });
  done += end.rounds;
  stories += 1;
  for (const [part, count] of Object.entries(end.sum ?? {})) sum[part as keyof Equation] += count;
  if (end.wrongs.length > 0) {
    failed.push(seed);
    say(`SEED=${seed} fails:\n  ${end.wrongs.slice(0, 8).join('\n  ')}`);
  }
}
say(`phone engine: ${done} rounds in ${stories} stories, seeds ${first} to ${first + stories - 1}`);
say(told(sum));
if (failed.length > 0) {
  say(`seeds that fail: ${failed.join(', ')}`);
  process.exit(1);
}
process.exit(0);
