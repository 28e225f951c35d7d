import { type Air, inAir } from '../colour.ts';
import { frame, ridge, sky, vignette } from '../landscape.ts';
import { project, type RoadPoint, scaleAt, type View } from '../perspective.ts';
import { guardRails, polygon, ribbon, road, type Stage } from '../road.ts';
import type { Scene } from '../scene.ts';
import { type Passage, traffic } from '../traffic.ts';

const view: View = {
  focal: 1100,
  heightMeters: 8.5,
  horizon: 300,
  vanish: 640,
  offsetMeters: 0,
  bend: () => 0,
};
const air: Air = { colour: '#8d959b', clearMeters: 330 };
const stage: Stage = { view, air, near: 15, far: 420 };
const loopSeconds = 18;
const towers = [250, 105] as const;
const top = 46;

const passages: Passage[] = [
  { kind: 'car', colour: '#b4b9bb', lane: 'fast', way: 'away', startSeconds: 2, metersPerSecond: 30 },
  { kind: 'lorry', colour: '#62737f', lane: 'slow', way: 'away', startSeconds: 5, metersPerSecond: 24 },
  { kind: 'car', colour: '#73363a', lane: 'slow', way: 'away', startSeconds: 11.5, metersPerSecond: 27 },
  { kind: 'van', colour: '#9aa1a5', lane: 'slow', way: 'towards', startSeconds: 0, metersPerSecond: 26 },
  { kind: 'lorry', colour: '#83785f', lane: 'slow', way: 'towards', startSeconds: 8, metersPerSecond: 23.5 },
  { kind: 'car', colour: '#c3c6c6', lane: 'fast', way: 'towards', startSeconds: 13, metersPerSecond: 30 },
];

function leg(away: number, hand: 1 | -1): string {
  const at = (side: number, up: number): RoadPoint => ({ side: hand * side, up, away });
  const shaft = [at(13.4, -0.3), at(11.4, top), at(13.6, top), at(15.8, -0.3)];
  const shade = [at(15.1, -0.3), at(13, top), at(13.6, top), at(15.8, -0.3)];
  return polygon(view, shaft, inAir(air, '#8b9193', away)) + polygon(view, shade, inAir(air, '#6d7376', away));
}

function crossbeam(away: number): string {
  const at = (side: number, up: number): RoadPoint => ({ side, up, away });
  const beam = (low: number, high: number, half: number) =>
    polygon(view, [at(-half, low), at(-half, high), at(half, high), at(half, low)], inAir(air, '#7d8386', away));
  return beam(24, 26.5, 12.8) + beam(42, 44, 12);
}

function cables(away: number): string {
  const drawn: string[] = [];
  for (const hand of [-1, 1]) {
    for (let step = 1; step <= 11; step++) {
      for (const reach of [-8, 8]) {
        const deck = away + reach * step;
        if (deck < stage.near) continue;
        const from = project(view, { side: hand * 12.5, up: top - 16 + step * 1.35, away });
        const to = project(view, { side: hand * 13.8, up: 0.6, away: deck });
        const breadth = Math.max(0.7, scaleAt(view, Math.max(deck, 40)) * 0.09);
        drawn.push(
          `<path d="M${from.x.toFixed(1)} ${from.y.toFixed(1)}L${to.x.toFixed(1)} ${to.y.toFixed(1)}" stroke="${inAir(air, '#b9bec0', deck)}" stroke-width="${breadth.toFixed(1)}" stroke-opacity="0.8"/>`,
        );
      }
    }
  }
  return drawn.join('');
}

/** The gorge under the deck, lost in mist. */
function gorge(): string {
  return `<linearGradient id="gorge" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#8d959b"/><stop offset="0.5" stop-color="#5b646a"/><stop offset="1" stop-color="#3a4246"/></linearGradient>
    <rect y="300" width="1280" height="420" fill="url(#gorge)"/>
    <path d="M0 330 L150 352 L290 410 L120 520 L0 600Z" fill="#4c565a"/><path d="M1280 322 L1150 344 L1010 396 L1140 500 L1280 610Z" fill="#475155"/>`;
}

/** A cable-stayed bridge over a gorge; its camera speaks H.265. */
export const bridge: Scene = {
  name: 'bridge-h265',
  codec: 'h265',
  seconds: loopSeconds,
  still: () =>
    frame(
      [
        sky({ top: '#47515c', low: '#a1a8ac', horizon: view.horizon }, ['#8d959b', '#4a5256']),
        ridge({ base: 318, rise: 190, seed: 2, colour: '#7c858d' }),
        ridge({ base: 326, rise: 110, seed: 14, colour: '#646d75' }),
        gorge(),
        ...towers.slice(0, 1).flatMap((away) => [cables(away), leg(away, -1), leg(away, 1), crossbeam(away)]),
        ribbon(stage, '#5b6165', { from: -15, to: -15, up: -2.4, top: 0 }),
        ribbon(stage, '#5f6569', { from: -15, to: 15 }),
        road(stage),
        guardRails(stage),
        ...towers.slice(1).flatMap((away) => [cables(away), leg(away, -1), leg(away, 1), crossbeam(away)]),
        vignette(),
      ].join(''),
    ),
  moving: (at) => frame(traffic(passages, stage, { at, loopSeconds })),
};
