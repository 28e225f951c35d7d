import { type Local, span, spline } from './draw-curve.ts';

export interface Sides {
  readonly up: readonly Local[];
  readonly down: readonly Local[];
}

/** Vertices of the motorway, 50 m each, from the crossing to where a ramp leaves or joins. */
const alongMotorway = 9;
/** Vertices of the other road from the crossing to its own junction. */
const alongOther = 2;

/**
 * The four ramps of a diamond interchange, each in the direction in which it is driven; they begin and end at vertices of
 * the lines, so that all of them join. Stakes rise along `down`, and `over` comes from the side of `down`.
 */
export function diamond({ up, down }: Sides, over: readonly Local[]): Local[][] {
  const [crossing, crossed] = nearestPair(down, over);
  const on = (line: readonly Local[], index: number): Local =>
    line[Math.max(0, Math.min(line.length - 1, index))] ?? [0, 0];
  const rises = leftOf(on(down, crossing), on(down, crossing + 1), on(over, crossed + 3)) ? 1 : -1;
  const [south, north] = [on(over, crossed - rises * alongOther), on(over, crossed + rises * alongOther)];
  return [
    ramp(on(down, crossing - alongMotorway), on(down, crossing - alongMotorway + 3), south),
    ramp(on(down, crossing + alongMotorway), on(down, crossing + alongMotorway - 3), south).reverse(),
    ramp(on(up, crossing + alongMotorway), on(up, crossing + alongMotorway - 3), north),
    ramp(on(up, crossing - alongMotorway), on(up, crossing - alongMotorway + 3), north).reverse(),
  ];
}

/** From a vertex, a little beside where the motorway goes on, to a vertex of the other road. */
function ramp(from: Local, ahead: Local, to: Local): Local[] {
  const toward = (a: Local, b: Local, part: number): Local => [
    a[0] + (b[0] - a[0]) * part,
    a[1] + (b[1] - a[1]) * part,
  ];
  return spline([from, toward(ahead, to, 0.12), toward(ahead, to, 0.6), to], 6);
}

function nearestPair(a: readonly Local[], b: readonly Local[]): readonly [number, number] {
  let best: readonly [number, number, number] = [0, 0, Number.POSITIVE_INFINITY];
  for (const [i, p] of a.entries()) {
    for (const [j, q] of b.entries()) {
      const apart = span(p, q);
      if (apart < best[2]) best = [i, j, apart];
    }
  }
  return [best[0], best[1]];
}

const leftOf = (a: Local, b: Local, p: Local) => (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]) > 0;
