import type { Air } from '../colour.ts';
import { frame, ridge, sky, vignette } from '../landscape.ts';
import { type Pixel, project, type View } from '../perspective.ts';
import { guardRail, guardRails, hillside, lanes, road, type Stage } from '../road.ts';
import type { Scene } from '../scene.ts';
import { type Passage, traffic } from '../traffic.ts';
import { type Walker, walker } from '../walker.ts';

/** How its camera hangs; cameras.yaml of the demo is calibrated by it. */
export const view: View = {
  focal: 1500,
  heightMeters: 4.6,
  horizon: 178,
  vanish: 380,
  offsetMeters: 4.5,
  bend: (away) => away ** 2 / 1500,
};
const near = 7.5;
const far = 330;
const loopSeconds = 20;

const passages: Passage[] = [
  { kind: 'lorry', colour: '#6f7f8c', lane: 'slow', way: 'away', startSeconds: 0.5, metersPerSecond: 21 },
  { kind: 'car', colour: '#b9bdc0', lane: 'fast', way: 'away', startSeconds: 4.2, metersPerSecond: 29 },
  { kind: 'car', colour: '#7a3a36', lane: 'fast', way: 'away', startSeconds: 17, metersPerSecond: 28 },
  { kind: 'car', colour: '#8d9499', lane: 'fast', way: 'towards', startSeconds: 1.5, metersPerSecond: 27 },
  { kind: 'van', colour: '#a9adaf', lane: 'slow', way: 'towards', startSeconds: 8, metersPerSecond: 24 },
  { kind: 'lorry', colour: '#8a7a5e', lane: 'slow', way: 'towards', startSeconds: 12.5, metersPerSecond: 20.5 },
];

const heightMeters = 1.78;
const verge = 17.6;
const upper = 21.5;
const lower = 14;
/** Seconds of the loop. */
export const script = { enters: 6.2, onShoulder: 9.8, leaves: 17.8, gone: 19.4 } as const;

interface Step {
  readonly side: number;
  readonly away: number;
  readonly facing: Walker['facing'];
}

const between = (from: number, to: number, share: number) => from + (to - from) * share;

/** Comes over the rail from the verge, walks along the hard shoulder for nine seconds, and leaves over the rail again. */
function stepAt(at: number): Step | undefined {
  const { enters, onShoulder, leaves, gone } = script;
  if (at < enters || at > gone) return undefined;
  if (at < onShoulder) {
    return { side: between(verge, lanes.shoulder, (at - enters) / (onShoulder - enters)), away: upper, facing: 'left' };
  }
  if (at < leaves) {
    return {
      side: lanes.shoulder,
      away: between(upper, lower, (at - onShoulder) / (leaves - onShoulder)),
      facing: 'right',
    };
  }
  return { side: between(lanes.shoulder, 14, (at - leaves) / (gone - leaves)), away: lower, facing: 'right' };
}

/** Where the walker stands in the picture, and how tall; undefined while nobody is there. */
export function walkerAt(at: number): { readonly foot: Pixel; readonly heightPixels: number } | undefined {
  const step = stepAt(at);
  if (!step) return undefined;
  const { side, away } = step;
  return { foot: project(view, { side, up: 0, away }), heightPixels: (heightMeters * view.focal) / away };
}

function figure(at: number, stage: Stage): string {
  const step = stepAt(at);
  const place = walkerAt(at);
  if (!step || !place) return '';
  const drawn = walker({ ...place, stride: at * 0.9, facing: step.facing });
  return step.side > lanes.rail ? drawn + guardRail({ ...stage, far: 60 }, lanes.rail) : drawn;
}

/** What is different when the same walk is seen by other light. */
interface Light {
  readonly name: string;
  readonly air: Air;
  /** What lies between the camera and all of it. */
  readonly veil: string;
  readonly crf?: number;
}

/** Somebody on the hard shoulder, which is empty for the first six seconds. */
export function shoulderWalk({ name, air, veil, ...quality }: Light): Scene {
  const stage: Stage = { view, air, near, far };
  return {
    name,
    codec: 'h264',
    seconds: loopSeconds,
    ...quality,
    still: () =>
      frame(
        [
          sky({ top: '#3c444e', low: '#8d959c', horizon: view.horizon }, ['#5d6467', '#343a38']),
          ridge({ base: 190, rise: 130, seed: 3, colour: '#6b747d' }),
          ridge({ base: 196, rise: 78, seed: 8, colour: '#525b63', slope: 40 }),
          hillside(stage, 1),
          road(stage),
          guardRails(stage),
          vignette(),
        ].join(''),
      ),
    moving: (at) => frame(traffic(passages, stage, { at, loopSeconds }) + figure(at, stage) + veil),
  };
}

/** The demo's alert. */
export const pedestrian = shoulderWalk({ name: 'pedestrian', air: { colour: '#7b838b', clearMeters: 210 }, veil: '' });
