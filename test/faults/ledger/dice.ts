export interface Dice {
  /** From 0 to `sides - 1`. */
  roll(sides: number): number;
  /** One of them. */
  of<T>(all: readonly T[]): T;
}

/** The same numbers each time. */
export function diceOf(seed: number): Dice {
  let state = seed;
  const roll = (sides: number) => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return Math.floor((state / 4_294_967_296) * sides);
  };
  return { roll, of: (all) => all[roll(all.length)] as (typeof all)[number] };
}
