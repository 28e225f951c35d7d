import { Type } from 'typebox';

const pattern = /^K(\d{1,5})\+(\d{3})$/;

/** A stake mark (桩号) as the road says it: kilometres and metres from the road's beginning. */
export const StakeMark = Type.String({ pattern: pattern.source, description: 'a stake mark like K1432+300' });

/** `K1432+300` → 1432300; undefined when it is not a stake mark. */
export function parseStake(text: string): number | undefined {
  const [, kilometres, metres] = pattern.exec(text) ?? [];
  return kilometres === undefined ? undefined : Number(kilometres) * 1_000 + Number(metres);
}

/** 1432300 → `K1432+300`, to the nearest metre; a road begins at K0, nothing is before it. */
export function formatStake(meters: number): string {
  const whole = Math.max(0, Math.round(meters));
  return `K${Math.floor(whole / 1_000)}+${String(whole % 1_000).padStart(3, '0')}`;
}
