/** The look-up of assets without a network, measured: `make bench-lookup` (ASSETS=5000 ROUNDS=200). */
import type { AssetBody } from '../../protocol/entities';
import type { EntityRow } from '../../protocol/store';
import { find, indexOf } from '../../state/assets';
import { worldOf, type World } from '../../state/world';

export const asset = (n: number): string => `6f1e5a3e-0000-4c1a-9d8e-${String(n).padStart(12, '0')}`;
const KINDS = ['生活水泵', '排污泵', '配电柜', '电梯', '消防栓', '风机', '门禁', '摄像头'];
const MAKERS = ['南方泵业', '格兰富', '日立', '三菱', '海康', '施耐德'];

/** Rows of an estate with so many assets, each with a tag. */
export function estateOf(assets: number): EntityRow[] {
  const rows: EntityRow[] = [];
  for (let n = 0; n < assets; n += 1) {
    const kind = KINDS[n % KINDS.length]!;
    const body: AssetBody = {
      id: asset(n),
      number: `E${n}`,
      name: { zh: `${kind} ${n}#`, en: `Asset ${n}` },
      zone: { zh: `${(n % 30) + 1} 栋`, en: `Building ${(n % 30) + 1}` },
      category: kind,
      retired: n % 97 === 0,
      maker: MAKERS[n % MAKERS.length]!,
      model: `M-${n % 40}`,
      serial: `SN${(n * 7919) % 1_000_003}`,
    };
    rows.push({ kind: 'asset', id: body.id, scope: asset(0), version: 1, body, generation: 1 });
  }
  return rows;
}

export type Measured = { assets: number; worldMs: number; indexMs: number; worst: { question: string; ms: number }; mean: number };

const QUESTIONS = ['E4711', '水泵', '12 栋 风机', 'sn79', '南方 m-3', 'ｅ１２３', '没有这样的', ''];

/** How long it takes: rows to a world, a world to an index (once per change), and each question. */
export function measure(assets: number, rounds: number, clock: () => number): Measured {
  const rows = estateOf(assets);
  const a = clock();
  const world: World = worldOf(rows);
  const b = clock();
  const index = indexOf(world);
  const c = clock();
  let worst = { question: '', ms: 0 };
  let sum = 0;
  for (let i = 0; i < rounds; i += 1) {
    const question = QUESTIONS[i % QUESTIONS.length]!;
    const before = clock();
    find(index, question, 50);
    const ms = clock() - before;
    sum += ms;
    if (ms > worst.ms) worst = { question, ms };
  }
  return { assets, worldMs: b - a, indexMs: c - b, worst, mean: sum / rounds };
}
