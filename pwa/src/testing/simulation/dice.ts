/** Chance that a seed foretells. */
export type Dice = {
  /** A number in [0, 1). */
  share(): number;
  /** A whole number below `most`. */
  below(most: number): number;
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(count: number): Uint8Array<ArrayBuffer>;
};

export function diceOf(seed: number): Dice {
  let state = (seed * 2_654_435_761 + 97) >>> 0;
  // mulberry32
  const share = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (most: number): number => Math.floor(share() * most);
  return {
    share,
    below,
    chance: (part) => share() < part,
    pick: (from) => from[below(from.length)]!,
    bytes: (count) => Uint8Array.from({ length: count }, () => below(256)),
  };
}
