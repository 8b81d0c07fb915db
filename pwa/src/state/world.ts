/** What came down, by kind and id, ready to be asked. */
import { KINDS, type Bodies, type CheckpointBody, type Kind, type Label, type TargetRef } from '../protocol/entities';
import { bodyOf } from '../protocol/shapes';
import type { EntityRow } from '../protocol/store';

export type Known<K extends Kind> = { version: number; body: Bodies[K] };
export type World = { [K in Kind]: ReadonlyMap<string, Known<K>> };

/** The world that the rows make. Rows without the shape of their kind, and kinds to come, are passed over. */
export function worldOf(rows: readonly EntityRow[]): World {
  const world = Object.fromEntries(KINDS.map((kind) => [kind, new Map()])) as unknown as Record<Kind, Map<string, unknown>>;
  for (const row of rows) {
    if (row.body === null || !isKind(row.kind)) continue;
    const body = bodyOf(row.kind, row.body);
    if (body) world[row.kind].set(row.id, { version: row.version, body });
  }
  return world as unknown as World;
}

function isKind(kind: string): kind is Kind {
  return (KINDS as readonly string[]).includes(kind);
}

/** The checkpoint or asset that a stop or a tag names. */
export function targetOf(world: World, target: TargetRef): { version: number; body: CheckpointBody } | null {
  return world[target.kind].get(target.id) ?? null;
}

/** The name of a checkpoint or asset; its number alone when it is not on this phone is not known either. */
export function nameOf(world: World, target: TargetRef | null): Label | null {
  return target ? (targetOf(world, target)?.body.name ?? null) : null;
}
