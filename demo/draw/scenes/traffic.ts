import type { Air } from '../colour.ts';
import { frame, ridge, sky, vignette } from '../landscape.ts';
import type { View } from '../perspective.ts';
import { guardRails, hillside, polygon, road, type Stage } from '../road.ts';
import type { Scene } from '../scene.ts';
import { type Passage, traffic as vehicles } from '../traffic.ts';

const view: View = {
  focal: 1150,
  heightMeters: 8,
  horizon: 205,
  vanish: 660,
  offsetMeters: 0.6,
  bend: (away) => -(away ** 2) / 2600,
};
const air: Air = { colour: '#868e95', clearMeters: 240 };
const stage: Stage = { view, air, near: 13, far: 340 };
const loopSeconds = 18;

const passages: Passage[] = [
  { kind: 'car', colour: '#aeb3b6', lane: 'slow', way: 'away', startSeconds: 0, metersPerSecond: 25 },
  { kind: 'lorry', colour: '#5f7486', lane: 'slow', way: 'away', startSeconds: 3.4, metersPerSecond: 20 },
  { kind: 'car', colour: '#6d2f2d', lane: 'fast', way: 'away', startSeconds: 6, metersPerSecond: 31 },
  { kind: 'van', colour: '#c2c5c4', lane: 'slow', way: 'away', startSeconds: 10.2, metersPerSecond: 23 },
  { kind: 'car', colour: '#3f5063', lane: 'fast', way: 'away', startSeconds: 13.1, metersPerSecond: 30 },
  { kind: 'lorry', colour: '#7f765f', lane: 'slow', way: 'towards', startSeconds: 0.8, metersPerSecond: 20 },
  { kind: 'car', colour: '#9aa0a4', lane: 'fast', way: 'towards', startSeconds: 4.6, metersPerSecond: 29 },
  { kind: 'car', colour: '#c5c8c8', lane: 'slow', way: 'towards', startSeconds: 9.5, metersPerSecond: 25 },
  { kind: 'van', colour: '#54616b', lane: 'fast', way: 'towards', startSeconds: 14.2, metersPerSecond: 28 },
];

/** A sign gantry over our carriageway: two blank blue panels on a steel frame. */
function gantry(): string {
  const away = 74;
  const plate = ([left, right]: readonly [number, number], [low, high]: readonly [number, number], fill: string) =>
    polygon(
      view,
      [
        { side: left, up: low, away },
        { side: left, up: high, away },
        { side: right, up: high, away },
        { side: right, up: low, away },
      ],
      fill,
    );
  return [
    plate([13.6, 14], [0, 8.6], '#5d6368'),
    plate([0.4, 0.8], [0, 8.6], '#5d6368'),
    plate([0.4, 14], [7.9, 8.5], '#6a7075'),
    plate([2, 6.2], [5.9, 8.8], '#2f4d6e'),
    plate([7.2, 12.4], [5.9, 8.8], '#2f4d6e'),
    plate([2.3, 5.9], [7.1, 7.35], '#b7bfc6'),
    plate([7.6, 12], [7.1, 7.35], '#b7bfc6'),
  ].join('');
}

/** Nothing happens: vehicles pass both ways. */
export const traffic: Scene = {
  name: 'traffic',
  codec: 'h264',
  seconds: loopSeconds,
  still: () =>
    frame(
      [
        sky({ top: '#414a54', low: '#979ea3', horizon: view.horizon }, ['#676e70', '#373d3a']),
        ridge({ base: 214, rise: 150, seed: 5, colour: '#737c84' }),
        ridge({ base: 222, rise: 80, seed: 12, colour: '#58616a', slope: -50 }),
        hillside(stage, -1),
        road(stage),
        guardRails(stage),
        gantry(),
        vignette(),
      ].join(''),
    ),
  moving: (at) => frame(vehicles(passages, stage, { at, loopSeconds })),
};
