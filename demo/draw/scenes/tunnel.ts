import type { Air } from '../colour.ts';
import { frame, ridge, sky, vignette } from '../landscape.ts';
import { points, project, type View } from '../perspective.ts';
import { guardRails, polygon, road, type Stage } from '../road.ts';
import type { Scene } from '../scene.ts';
import { nearest, type Passage, traffic } from '../traffic.ts';

const view: View = {
  focal: 1200,
  heightMeters: 7,
  horizon: 262,
  vanish: 640,
  offsetMeters: 3.4,
  bend: () => 0,
};
const air: Air = { colour: '#747c83', clearMeters: 260 };
const portal = 78;
const stage: Stage = { view, air, near: 14, far: portal };
const inside = { view, air: { colour: '#2b2722', clearMeters: 60 }, near: portal, from: portal, far: 280 };
const loopSeconds = 16;
const bore = { centre: 7.2, radius: 6.9, springing: 1.6 } as const;

const passages: Passage[] = [
  { kind: 'lorry', colour: '#6a7a86', lane: 'slow', way: 'away', startSeconds: 1, metersPerSecond: 19 },
  { kind: 'car', colour: '#b2b6b8', lane: 'fast', way: 'away', startSeconds: 5.6, metersPerSecond: 24 },
  { kind: 'car', colour: '#6f3432', lane: 'slow', way: 'away', startSeconds: 10.5, metersPerSecond: 22 },
  { kind: 'car', colour: '#c4c7c7', lane: 'slow', way: 'towards', startSeconds: 2.2, metersPerSecond: 22 },
  { kind: 'lorry', colour: '#837a63', lane: 'slow', way: 'towards', startSeconds: 8.4, metersPerSecond: 19 },
];

function arch(hand: 1 | -1, grow = 0): string {
  const radius = bore.radius + grow;
  const at = (angle: number) =>
    project(view, {
      side: hand * bore.centre + radius * Math.cos(angle),
      up: bore.springing + radius * 0.86 * Math.sin(angle),
      away: portal,
    });
  const round = Array.from({ length: 33 }, (_, step) => at((step / 32) * Math.PI));
  const foot = (side: number) => project(view, { side: hand * bore.centre + side, up: 0, away: portal });
  return points([foot(radius), ...round, foot(-radius)]);
}

function lamps(hand: 1 | -1): string {
  return [84, 96, 110, 128, 150, 180, 215, 260]
    .flatMap((away) => [-3.6, 3.6].map((offset) => project(view, { side: hand * bore.centre + offset, up: 6.1, away })))
    .map(({ x, y }) => `<ellipse cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" rx="3.2" ry="1.5" fill="#ffe2a8"/>`)
    .join('');
}

function tube(hand: 1 | -1): string {
  return `<clipPath id="bore${hand}"><polygon points="${arch(hand)}"/></clipPath>
    <polygon points="${arch(hand, 1)}" fill="#8f9597"/>
    <g clip-path="url(#bore${hand})"><polygon points="${arch(hand)}" fill="url(#warm)"/>${road(inside)}
    <polygon points="${arch(hand)}" fill="#1b140a" fill-opacity="0.35"/>${lamps(hand)}</g>`;
}

/** The hill, the concrete front and both bores. */
function mountain(): string {
  const at = (side: number, up: number) => ({ side, up, away: portal });
  const front = [at(-17.5, 0), at(-17.5, 11), at(17.5, 11), at(17.5, 0)];
  return `<linearGradient id="hill" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#4d565a"/><stop offset="1" stop-color="#343c39"/></linearGradient>
    <radialGradient id="warm" cx="0.5" cy="0.75" r="0.8"><stop offset="0" stop-color="#b58a4c"/><stop offset="0.45" stop-color="#5c4628"/><stop offset="1" stop-color="#1d1812"/></radialGradient>
    <path d="M0 300 C120 210 220 90 380 74 C520 58 640 70 760 92 C920 120 1010 250 1280 330 L1280 420 L0 420Z" fill="url(#hill)"/>
    <path d="M0 360 C60 340 180 330 300 372 L0 470Z" fill="#323a37"/><path d="M1280 372 C1200 338 1040 340 880 376 L1280 500Z" fill="#303836"/>
    ${polygon(view, front, '#777d80')}
    ${polygon(view, [at(-18.2, 10.6), at(-18.2, 11.8), at(18.2, 11.8), at(18.2, 10.6)], '#8d9395')}
    ${tube(-1)}${tube(1)}`;
}

/** Later by what it takes to drive from one end of a stretch to the other. */
function after(passage: Passage, meters: number): Passage {
  return { ...passage, startSeconds: passage.startSeconds + meters / passage.metersPerSecond };
}

/** In the bores, vehicles are seen only through their arches. */
function vehicles(at: number): string {
  const moment = { at, loopSeconds };
  const away = passages.filter(({ way }) => way === 'away');
  const towards = passages.filter(({ way }) => way === 'towards');
  const leaving = away.map((passage) => after(passage, portal - nearest));
  const coming = towards.map((passage) => after(passage, inside.far - portal));
  return `<clipPath id="right"><polygon points="${arch(1)}"/></clipPath><clipPath id="left"><polygon points="${arch(-1)}"/></clipPath>
    <g clip-path="url(#right)">${traffic(leaving, inside, moment)}</g><g clip-path="url(#left)">${traffic(towards, inside, moment)}</g>
    ${traffic([...away, ...coming], stage, moment)}`;
}

/** The portal of the tunnel, lamps burning inside. */
export const tunnel: Scene = {
  name: 'tunnel',
  codec: 'h264',
  seconds: loopSeconds,
  still: () =>
    frame(
      [
        sky({ top: '#3b434d', low: '#8b9299', horizon: view.horizon }, ['#565d5f', '#333a37']),
        ridge({ base: 280, rise: 170, seed: 6, colour: '#6a737b' }),
        mountain(),
        road(stage),
        guardRails(stage),
        vignette(),
      ].join(''),
    ),
  moving: (at) => frame(vehicles(at)),
};
