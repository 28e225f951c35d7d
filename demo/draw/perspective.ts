/** Where a camera hangs and how it looks: a pinhole above a road whose axis runs away from it. */
export interface View {
  /** Pixels per metre at one metre of distance. */
  readonly focal: number;
  readonly heightMeters: number;
  /** Picture row of the horizon, and column of the road's vanishing point. */
  readonly horizon: number;
  readonly vanish: number;
  /** How far the camera stands to the right of the median. */
  readonly offsetMeters: number;
  /** How far the road's axis has moved sideways at a distance. */
  bend(distance: number): number;
}

/** A place in the road's own terms: metres right of the median, up from the asphalt, and away from the camera. */
export interface RoadPoint {
  readonly side: number;
  readonly up: number;
  readonly away: number;
}

export interface Pixel {
  readonly x: number;
  readonly y: number;
}

export const width = 1280;
export const height = 720;

export function project(view: View, { side, up, away }: RoadPoint): Pixel {
  const scale = view.focal / away;
  return {
    x: view.vanish + scale * (side + view.bend(away) - view.offsetMeters),
    y: view.horizon + scale * (view.heightMeters - up),
  };
}

/** Pixels per metre at a distance. */
export function scaleAt(view: View, away: number): number {
  return view.focal / away;
}

export function points(pixels: readonly Pixel[]): string {
  return pixels.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ');
}

/** Distances that grow steadily, so that a curve is smooth near the camera and cheap far away. */
export function distances(near: number, far: number): number[] {
  const steps = 60;
  return Array.from({ length: steps + 1 }, (_, step) => near * (far / near) ** (step / steps));
}
