/** Metres from the road's zero of a stake mark: K1432+300 is 1 432 300. Undefined when it is not one. */
export function stakeMeters(stake: string | undefined): number | undefined {
  const match = /^\s*[KkYyZz]?\s*(\d{1,5})(?:\s*\+\s*(\d{1,3}(?:\.\d+)?))?\s*$/.exec(stake ?? '');
  if (!match?.[1]) return undefined;
  return Number(match[1]) * 1000 + Number(match[2] ?? 0);
}

/** K1432+300 from 1 432 300. */
export function stakeText(meters: number): string {
  const whole = Math.round(meters);
  return `K${Math.floor(whole / 1000)}+${String(whole % 1000).padStart(3, '0')}`;
}
