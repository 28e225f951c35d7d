import type { UnitBox } from './model.ts';

/** How a box changes in a second: its middle and its size, in parts of the picture. */
export interface Motion {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const still: Motion = { x: 0, y: 0, width: 0, height: 0 };

/** A measurement this long after the last one says as much of the speed as all before it. */
const settleSeconds = 0.5;

/** Where a box should be by now when it goes on as it went; never turned inside out. */
export function predicted(box: UnitBox, motion: Motion, seconds: number): UnitBox {
  const width = within(box.width + motion.width * seconds, box.width);
  const height = within(box.height + motion.height * seconds, box.height);
  const x = box.x + box.width / 2 + motion.x * seconds - width / 2;
  const y = box.y + box.height / 2 + motion.y * seconds - height / 2;
  return { x, y, width, height };
}

/**
 * The speed after another look: the constant-velocity half of an alpha-beta filter whose gain grows with the time between,
 * so that a box that trembles at 25 pictures a second does not fly, and one seen once a second is believed.
 */
export function measuredMotion(before: UnitBox, motion: Motion, { box, seconds }: Measured): Motion {
  if (seconds <= 0) return motion;
  const gain = seconds / (seconds + settleSeconds);
  const mean = (was: number, change: number) => was + gain * (change / seconds - was);
  return {
    x: mean(motion.x, box.x + box.width / 2 - before.x - before.width / 2),
    y: mean(motion.y, box.y + box.height / 2 - before.y - before.height / 2),
    width: mean(motion.width, box.width - before.width),
    height: mean(motion.height, box.height - before.height),
  };
}

interface Measured {
  readonly box: UnitBox;
  readonly seconds: number;
}

/** A prediction may halve or double a size, not more. */
function within(size: number, before: number): number {
  return Math.min(Math.max(size, before / 2), before * 2);
}
