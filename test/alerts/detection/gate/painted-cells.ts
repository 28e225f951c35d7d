import type { LumaGrid } from '../../../../src/alerts/detection/gate/luma-grid.ts';
import { motionStep } from '../../../../src/alerts/detection/gate/motion-step.ts';
import type { Change } from '../../../../src/alerts/detection/gate/moved-regions.ts';

export const [columns, rows] = [160, 90];

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Changes what a cell shows; `x` and `y` in cells. */
export type Paint = (light: number, x: number, y: number) => number;

/** A road with lane lines, a verge, trees and sky: enough texture for light to be read from. */
export const road: Paint = (_, x, y) => {
  if (y < 25) return 170 + 10 * Math.sin(x / 9);
  if (y < 35) return 60 + 25 * Math.sin(x * 1.7) * Math.sin(y * 2.3);
  const isLine = Math.abs(x - 80) < 2 && y % 8 < 4;
  return isLine ? 190 : 95 + 8 * Math.sin(x / 5) + 6 * Math.sin(y / 3);
};

export const night: Paint = (_, x, y) => 22 + 6 * Math.sin(x / 11) + (y > 60 ? 5 : 0);

/** Gaussian noise of a cell. */
export function noise(sigma: number, random: () => number): Paint {
  return (light) => light + sigma * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export function box({ x, y, width, height }: Rectangle, shade: number): Paint {
  return (light, cx, cy) => (cx >= x && cx < x + width && cy >= y && cy < y + height ? shade : light);
}

/** A pool of light with a soft edge. */
export function glow([x, y]: readonly [number, number], spread: number, strength: number): Paint {
  return (light, cx, cy) => light + strength * Math.exp(-((cx - x) ** 2 + (cy - y) ** 2) / (2 * spread ** 2));
}

export const exposure =
  (gain: number, offset: number): Paint =>
  (light) =>
    gain * light + offset;

export function painted(...paints: readonly Paint[]): LumaGrid {
  const cells = Float32Array.from({ length: columns * rows }, (_, index) => {
    const [x, y] = [index % columns, Math.floor(index / columns)];
    const light = paints.reduce((sum, paint) => paint(sum, x, y), 0);
    return Math.min(255, Math.max(0, light));
  });
  return { columns, rows, cells };
}

/** What each picture of a sequence is taken for. */
export function changesOf(pictures: Iterable<LumaGrid>, everyMs = 1_000): Change[] {
  const changes: Change[] = [];
  let step: ReturnType<typeof motionStep> | undefined;
  let at = 0;
  for (const picture of pictures) {
    step = motionStep(step?.background, picture, { at });
    changes.push(step.change);
    at += everyMs;
  }
  return changes;
}

/** How many of the pictures are taken for so. */
export const count = (changes: readonly Change[], type: Change['type']) =>
  changes.filter((change) => change.type === type).length;
