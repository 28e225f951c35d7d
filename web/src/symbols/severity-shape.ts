import type { Severity } from '../api/shapes.ts';

const polygon = (points: readonly (readonly [number, number])[]) =>
  `M${points.map(([x, y]) => `${x.toFixed(2)} ${y.toFixed(2)}`).join('L')}Z`;

const shapes: Record<Severity, (r: number) => string> = {
  critical: (r) => {
    const [far, near] = [0.8 * r, 0.333 * r];
    return polygon([
      [far, near],
      [near, far],
      [-near, far],
      [-far, near],
      [-far, -near],
      [-near, -far],
      [near, -far],
      [far, -near],
    ]);
  },
  major: (r) =>
    polygon([
      [0, -0.92 * r],
      [0.98 * r, 0.72 * r],
      [-0.98 * r, 0.72 * r],
    ]),
  minor: (r) =>
    polygon([
      [0, -0.93 * r],
      [0.93 * r, 0],
      [0, 0.93 * r],
      [-0.93 * r, 0],
    ]),
  info: (r) => `M${-0.8 * r} 0a${0.8 * r} ${0.8 * r} 0 1 0 ${1.6 * r} 0a${0.8 * r} ${0.8 * r} 0 1 0 ${-1.6 * r} 0Z`,
};

/** Outline of a severity around 0,0: octagon, triangle, diamond, circle, all of the same visual weight for one `r`. */
export function severityPath(severity: Severity, r: number): string {
  return shapes[severity](r);
}

const glyph: Record<Severity, { size: number; drop: number }> = {
  critical: { size: 1.083, drop: 0 },
  major: { size: 0.797, drop: 0.106 },
  minor: { size: 0.85, drop: 0 },
  info: { size: 0.91, drop: 0 },
};

/** The square in which a pictogram lies in the shape: its top left corner and its scale from the 16 grid. */
export function glyphPlace(severity: Severity, r: number): { x: number; y: number; scale: number } {
  const { size, drop } = glyph[severity];
  const side = size * r;
  return { x: -side / 2, y: -side / 2 + drop * r, scale: side / 16 };
}
