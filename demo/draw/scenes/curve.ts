import type { Air } from '../colour.ts';
import { frame, ridge, sky, vignette } from '../landscape.ts';
import type { View } from '../perspective.ts';
import { guardRails, hillside, polygon, road, type Stage } from '../road.ts';
import type { Scene } from '../scene.ts';
import { type Passage, traffic } from '../traffic.ts';

const view: View = {
  focal: 1180,
  heightMeters: 7.5,
  horizon: 190,
  vanish: 900,
  offsetMeters: 3,
  bend: (away) => -(away ** 2) / 620,
};
const air: Air = { colour: '#7d858c', clearMeters: 190 };
const stage: Stage = { view, air, near: 12, far: 300 };
const loopSeconds = 17;

const passages: Passage[] = [
  { kind: 'van', colour: '#a4a9ab', lane: 'slow', way: 'away', startSeconds: 1.2, metersPerSecond: 21 },
  { kind: 'car', colour: '#46586b', lane: 'fast', way: 'away', startSeconds: 5.5, metersPerSecond: 25 },
  { kind: 'lorry', colour: '#7c6a55', lane: 'slow', way: 'away', startSeconds: 8.8, metersPerSecond: 19 },
  { kind: 'car', colour: '#b7bbbc', lane: 'fast', way: 'towards', startSeconds: 3, metersPerSecond: 25 },
  { kind: 'lorry', colour: '#667885', lane: 'slow', way: 'towards', startSeconds: 10, metersPerSecond: 18.5 },
];

/** Arrow boards on the outside of the bend. */
function boards(): string {
  return [34, 46, 58, 72, 88, 108]
    .map((away) => {
      const at = (side: number, up: number) => ({ side, up, away });
      const plate = [at(14, 0.9), at(14, 2.1), at(15.1, 2.1), at(15.1, 0.9)];
      const arrow = [at(14.85, 1.95), at(14.25, 1.5), at(14.85, 1.05), at(14.6, 1.05), at(14.02, 1.5), at(14.6, 1.95)];
      const leg = [at(14.5, 0), at(14.5, 0.9), at(14.6, 0.9), at(14.6, 0)];
      return polygon(view, leg, '#6b7175') + polygon(view, plate, '#2c4b6f') + polygon(view, arrow, '#cfd4d6');
    })
    .reverse()
    .join('');
}

/** A long left-hand bend along the mountain. */
export const curve: Scene = {
  name: 'curve',
  codec: 'h264',
  seconds: loopSeconds,
  still: () =>
    frame(
      [
        sky({ top: '#39414b', low: '#8b939a', horizon: view.horizon }, ['#5f666a', '#333a37']),
        ridge({ base: 200, rise: 120, seed: 17, colour: '#6a737c' }),
        ridge({ base: 206, rise: 95, seed: 21, colour: '#505961', slope: 60 }),
        hillside(stage, -1),
        road(stage),
        guardRails(stage),
        boards(),
        vignette(),
      ].join(''),
    ),
  moving: (at) => frame(traffic(passages, stage, { at, loopSeconds })),
};
