import type { Air } from '../colour.ts';
import { frame, ridge, sky, vignette } from '../landscape.ts';
import { height, type View, width } from '../perspective.ts';
import { guardRails, hillside, road, type Stage } from '../road.ts';
import type { Scene } from '../scene.ts';
import { type Passage, traffic } from '../traffic.ts';

const view: View = {
  focal: 1150,
  heightMeters: 7.5,
  horizon: 200,
  vanish: 610,
  offsetMeters: 1.5,
  bend: (away) => away ** 2 / 1900,
};
const mist = '#8f969b';
const air: Air = { colour: mist, clearMeters: 46 };
const stage: Stage = { view, air, near: 12, far: 190 };
const loopSeconds = 18;

const passages: Passage[] = [
  { kind: 'car', colour: '#8b2f2c', lane: 'slow', way: 'away', startSeconds: 1, metersPerSecond: 13 },
  { kind: 'lorry', colour: '#5c6c79', lane: 'slow', way: 'away', startSeconds: 7.5, metersPerSecond: 12 },
  { kind: 'car', colour: '#c0c4c5', lane: 'slow', way: 'towards', startSeconds: 3, metersPerSecond: 13 },
  { kind: 'van', colour: '#767f86', lane: 'slow', way: 'towards', startSeconds: 12, metersPerSecond: 12.5 },
];

/** The bank of fog the road runs into. */
function bank(): string {
  return `<linearGradient id="bank" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="${mist}" stop-opacity="0.75"/><stop offset="0.28" stop-color="${mist}" stop-opacity="0.96"/>
      <stop offset="0.45" stop-color="${mist}" stop-opacity="0.5"/><stop offset="0.8" stop-color="${mist}" stop-opacity="0.06"/></linearGradient>
    <rect width="${width}" height="${height}" fill="url(#bank)"/>`;
}

/** Wisps that drift across once a loop. */
function wisps(at: number): string {
  const turn = (at / loopSeconds) * 2 * Math.PI;
  const wisp = (x: number, y: number, phase: number) =>
    `<ellipse cx="${(x + 190 * Math.sin(turn + phase)).toFixed(1)}" cy="${(y + 14 * Math.cos(turn + phase)).toFixed(1)}" rx="520" ry="74" fill="url(#wisp)"/>`;
  return `<radialGradient id="wisp"><stop offset="0" stop-color="#a3a9ad" stop-opacity="0.34"/><stop offset="1" stop-color="#a3a9ad" stop-opacity="0"/></radialGradient>
    ${wisp(330, 262, 0)}${wisp(930, 300, 2.1)}`;
}

/** Fog at night's edge: lamps before shapes. */
export const fog: Scene = {
  name: 'fog',
  codec: 'h264',
  seconds: loopSeconds,
  still: () =>
    frame(
      [
        sky({ top: '#5b636a', low: mist, horizon: view.horizon }, ['#7d8488', '#3c4240']),
        ridge({ base: 205, rise: 120, seed: 9, colour: '#7b8389' }),
        hillside(stage, 1),
        road(stage),
        guardRails(stage),
        bank(),
        vignette(),
      ].join(''),
    ),
  moving: (at) => frame(traffic(passages, stage, { at, loopSeconds }) + wisps(at)),
};
