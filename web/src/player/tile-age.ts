/** How a picture is doing by its age: shown, counted after 2 s, hatched and named after 5 s. */
export type TileAge = 'fresh' | 'counting' | 'frozen';

export const countedAfterMs = 2_000;
export const frozenAfterMs = 5_000;

export function tileAge(ageMs: number): TileAge {
  if (ageMs > frozenAfterMs) return 'frozen';
  return ageMs > countedAfterMs ? 'counting' : 'fresh';
}
