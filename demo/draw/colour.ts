type Rgb = readonly [number, number, number];

function parse(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The colour `share` of the way from `from` to `to`. */
export function mix(from: string, to: string, share: number): string {
  const [start, end] = [parse(from), parse(to)];
  const part = (at: 0 | 1 | 2) => Math.round(start[at] + (end[at] - start[at]) * share);
  return `rgb(${part(0)},${part(1)},${part(2)})`;
}

/** What hangs in the air: everything far away takes its colour. `clearMeters` is where a third of a colour is left. */
export interface Air {
  readonly colour: string;
  readonly clearMeters: number;
}

export function hazeShare(air: Air, away: number): number {
  return 1 - Math.exp(-away / air.clearMeters);
}

export function inAir(air: Air, colour: string, away: number): string {
  return mix(colour, air.colour, hazeShare(air, away));
}
