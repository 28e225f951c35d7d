/** Curves on a plane, enough to draw a country with. */

/** Kilometres east and north of where the drawing begins. */
export type Local = readonly [east: number, north: number];

export const span = (a: Local, b: Local) => Math.hypot(b[0] - a[0], b[1] - a[1]);

/** Catmull-Rom through the given points: the smallest curve that a surveyor would not laugh at. */
export function spline(knots: readonly Local[], perSpan = 60): Local[] {
  const at = (i: number): Local => knots[Math.max(0, Math.min(knots.length - 1, i))] ?? [0, 0];
  const blend = (i: number, t: number, axis: 0 | 1) => {
    const [a, b, c, d] = [at(i - 1)[axis], at(i)[axis], at(i + 1)[axis], at(i + 2)[axis]];
    return (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t ** 2 + (3 * b - a - 3 * c + d) * t ** 3) / 2;
  };
  const steps = Array.from({ length: (knots.length - 1) * perSpan + 1 }, (_, n) => n / perSpan);
  return steps.map((s): Local => {
    const i = Math.min(Math.floor(s), knots.length - 2);
    return [blend(i, s - i, 0), blend(i, s - i, 1)];
  });
}

/** Points every `stepKm` of the line's own length, from `fromKm` on. */
export function resample(line: readonly Local[], stepKm: number, range: readonly [number, number]): Local[] {
  const out: Local[] = [];
  let walked = 0;
  for (const [i, b] of line.entries()) {
    const a = line[i - 1] ?? b;
    const length = span(a, b);
    for (let next = range[0] + out.length * stepKm; next <= Math.min(walked + length, range[1] + 1e-9); ) {
      const t = length === 0 ? 0 : (next - walked) / length;
      out.push([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
      next = range[0] + out.length * stepKm;
    }
    walked += length;
  }
  return out;
}

/** The same line moved `km` to the right of its direction. */
export const beside = (line: readonly Local[], km: number): Local[] =>
  line.map((point, i): Local => {
    const [a, b] = [line[i - 1] ?? point, line[i + 1] ?? point];
    const length = span(a, b) || 1;
    return [point[0] + ((b[1] - a[1]) / length) * km, point[1] - ((b[0] - a[0]) / length) * km];
  });

/** A rounded patch around a point, of uneven edge; the seed says how. */
export const blob = ([x, y]: Local, [rx, ry]: Local, seed: number): Local[] =>
  Array.from({ length: 40 }, (_, i): Local => {
    const angle = (i / 40) * 2 * Math.PI;
    const wave =
      1 +
      0.14 * Math.sin(2 * angle + seed) +
      0.09 * Math.sin(3 * angle + seed * 2.3) +
      0.04 * Math.sin(5 * angle - seed);
    return [x + rx * wave * Math.cos(angle), y + ry * wave * Math.sin(angle)];
  });
