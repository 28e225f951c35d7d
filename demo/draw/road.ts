import { type Air, inAir } from './colour.ts';
import { distances, type Pixel, points, project, type RoadPoint, scaleAt, type View } from './perspective.ts';

/** Metres right of the median's axis; the other carriageway is its mirror. */
export const lanes = { fast: 4.1, slow: 7.9, shoulder: 11.3, rail: 13.2 } as const;

const edges = { inner: 1.4, innerLine: 2.1, middle: 6, outerLine: 9.8, outer: 13 } as const;
const colours = { asphalt: '#484c50', asphaltWorn: '#4f5357', line: '#c9cbc8', median: '#3b403c', rail: '#9a9fa2' };

export interface Stage {
  readonly view: View;
  readonly air: Air;
  readonly near: number;
  readonly far: number;
}

interface Strip {
  readonly from: number;
  readonly to: number;
  readonly up?: number;
  readonly top?: number;
}

/** A ribbon along the road, cut in pieces so that each takes the colour of its own air. */
export function ribbon(stage: Stage, colour: string, strip: Strip): string {
  const stops = distances(stage.near, stage.far);
  const up = strip.up ?? 0;
  return stops
    .slice(1)
    .map((end, index) => {
      const start = (stops[index] ?? end) * 0.997;
      const corners: RoadPoint[] = [
        { side: strip.from, up, away: start },
        { side: strip.from, up, away: end },
        { side: strip.to, up: strip.top ?? up, away: end },
        { side: strip.to, up: strip.top ?? up, away: start },
      ];
      return polygon(stage.view, corners, inAir(stage.air, colour, end));
    })
    .join('');
}

export function polygon(view: View, corners: readonly RoadPoint[], fill: string): string {
  const pixels = corners.map((corner) => project(view, corner));
  return `<polygon points="${points(pixels)}" fill="${fill}"/>`;
}

function dashes(stage: Stage, side: number): string {
  const drawn: string[] = [];
  for (let start = 1.5; start < stage.far; start += 15) {
    const from = Math.max(start, stage.near);
    const to = start + 6;
    if (to <= from) continue;
    const corners = [
      { side: side - 0.09, up: 0, away: from },
      { side: side - 0.09, up: 0, away: to },
      { side: side + 0.09, up: 0, away: to },
      { side: side + 0.09, up: 0, away: from },
    ];
    drawn.push(polygon(stage.view, corners, inAir(stage.air, colours.line, from)));
  }
  return drawn.join('');
}

function carriageway(stage: Stage, hand: 1 | -1): string {
  const strip = (from: number, to: number): Strip => ({ from: hand * from, to: hand * to });
  return [
    ribbon(stage, colours.asphalt, strip(edges.inner, edges.outer)),
    ribbon(stage, colours.asphaltWorn, strip(lanes.fast - 1.1, lanes.fast + 1.1)),
    ribbon(stage, colours.asphaltWorn, strip(lanes.slow - 1.1, lanes.slow + 1.1)),
    ribbon(stage, colours.line, strip(edges.innerLine - 0.1, edges.innerLine + 0.1)),
    ribbon(stage, colours.line, strip(edges.outerLine - 0.11, edges.outerLine + 0.11)),
    dashes(stage, hand * edges.middle),
  ].join('');
}

/** Both carriageways with their lines, and the planted median between them. */
export function road(stage: Stage): string {
  return (
    carriageway(stage, -1) +
    carriageway(stage, 1) +
    ribbon(stage, colours.median, { from: -edges.inner, to: edges.inner })
  );
}

function post(stage: Stage, side: number, away: number): string {
  const foot = project(stage.view, { side, up: 0, away });
  const top = project(stage.view, { side, up: 0.86, away });
  const breadth = Math.max(0.6, scaleAt(stage.view, away) * 0.11);
  return line(foot, top, { colour: inAir(stage.air, '#6f7478', away), breadth });
}

function line(from: Pixel, to: Pixel, { colour, breadth }: { colour: string; breadth: number }): string {
  return `<path d="M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}" stroke="${colour}" stroke-width="${breadth.toFixed(1)}"/>`;
}

/** A steel guard rail: posts every four metres, a beam with a lit upper edge. */
export function guardRail(stage: Stage, side: number): string {
  const posts: string[] = [];
  for (let away = Math.ceil(stage.near / 4) * 4; away < Math.min(stage.far, 160); away += 4)
    posts.push(post(stage, side, away));
  const beam = (colour: string, up: number, top: number) => ribbon(stage, colour, { from: side, to: side, up, top });
  return [
    ...posts,
    beam('#7d8286', 0.5, 0.66),
    beam(colours.rail, 0.66, 0.72),
    beam('#85898c', 0.72, 0.82),
    beam('#b9bcbc', 0.82, 0.88),
  ].join('');
}

/** The rails of both carriageways and of the median. */
export function guardRails(stage: Stage): string {
  return guardRail(stage, -lanes.rail) + guardRail(stage, 0) + guardRail(stage, lanes.rail);
}

/** The cut side of a hill along the road: grass, a drain, and rock higher up. */
export function hillside(stage: Stage, hand: 1 | -1): string {
  const slope = (colour: string, [from, to]: readonly [number, number], [up, top]: readonly [number, number]) =>
    ribbon(stage, colour, { from: hand * from, to: hand * to, up, top });
  return [
    slope('#3d4540', [13.5, 18.5], [0, 0]),
    slope('#545a58', [18.5, 19.3], [0, 0.1]),
    slope('#3f4843', [19.3, 27], [0.1, 7]),
    slope('#4a5250', [27, 28.4], [7, 7.2]),
    slope('#38403c', [28.4, 44], [7.2, 21]),
  ].join('');
}
