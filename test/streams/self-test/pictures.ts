import { type LumaPicture, lumaHeight, lumaWidth } from '../../../src/streams/self-test/luma-picture.ts';

type Paint = (x: number, y: number) => number;

/** A small generator of its own, so that a picture is the same each time. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function paint(of: Paint): LumaPicture {
  const luma = new Uint8Array(lumaWidth * lumaHeight);
  for (let y = 0; y < lumaHeight; y += 1)
    for (let x = 0; x < lumaWidth; x += 1) luma[y * lumaWidth + x] = Math.max(0, Math.min(255, of(x, y)));
  return { luma };
}

const at = ({ luma }: LumaPicture, x: number, y: number) =>
  luma[Math.max(0, Math.min(lumaHeight - 1, y)) * lumaWidth + Math.max(0, Math.min(lumaWidth - 1, x))] ?? 0;

/** A town of boxes under a grey sky, another one for each seed. */
export function town(seed: number): LumaPicture {
  const roll = dice(seed);
  const boxes = Array.from({ length: 70 }, () => ({
    left: roll() * lumaWidth,
    top: 40 + roll() * 120,
    width: 6 + roll() * 40,
    height: 6 + roll() * 30,
    level: 30 + roll() * 190,
  }));
  return paint((x, y) => {
    const box = boxes.findLast(
      ({ left, top, width, height }) => x >= left && x < left + width && y >= top && y < top + height,
    );
    return box?.level ?? (y < 60 ? 170 : 110);
  });
}

export const shifted = (picture: LumaPicture, right: number, down: number) =>
  paint((x, y) => at(picture, x - right, y - down));

export const lit = (picture: LumaPicture, gain: number, level = 0) => paint((x, y) => at(picture, x, y) * gain + level);

export function noisy(picture: LumaPicture, spread: number, seed: number): LumaPicture {
  const roll = dice(seed);
  return paint((x, y) => at(picture, x, y) + (roll() + roll() + roll() - 1.5) * 2 * spread);
}

export const blurred = (picture: LumaPicture, radius: number) => {
  const across = paint((x, y) => meanOver(radius, (step) => at(picture, x + step, y)));
  return paint((x, y) => meanOver(radius, (step) => at(across, x, y + step)));
};

function meanOver(radius: number, of: (step: number) => number): number {
  let sum = 0;
  for (let step = -radius; step <= radius; step += 1) sum += of(step);
  return sum / (2 * radius + 1);
}

export const turnedBy = (picture: LumaPicture, angle: number) => {
  const [middleX, middleY] = [lumaWidth / 2, lumaHeight / 2];
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return paint((x, y) => {
    const [dx, dy] = [x - middleX, y - middleY];
    return at(picture, Math.round(middleX + dx * cos - dy * sin), Math.round(middleY + dx * sin + dy * cos));
  });
};

/** Something even before a part of the lens, each side from 0 to 1. */
export const covered = (
  picture: LumaPicture,
  part: { left?: number; top?: number; right?: number; bottom?: number },
) => {
  const { left = 0, top = 0, right = 1, bottom = 1 } = part;
  return paint((x, y) => {
    const inside = x >= left * lumaWidth && x < right * lumaWidth && y >= top * lumaHeight && y < bottom * lumaHeight;
    return inside ? 62 : at(picture, x, y);
  });
};

/** The farther, the higher in the picture and the less is seen. */
export const inFog = (picture: LumaPicture, seenFrom: number) =>
  paint((x, y) => {
    const share = Math.max(0, Math.min(1, (y / lumaHeight - seenFrom) / 0.1));
    return 185 + (at(picture, x, y) - 185) * share;
  });

/** The digits of a clock along the upper edge. */
export function clocked(picture: LumaPicture, second: number): LumaPicture {
  const roll = dice(second * 7_919 + 1);
  const digits = Array.from({ length: 8 }, () => roll() > 0.5);
  return paint((x, y) => {
    if (y < 4 || y >= 14 || x < 8 || x >= 88) return at(picture, x, y);
    return digits[Math.floor((x - 8) / 10)] ? 235 : 20;
  });
}

export const black = (lamps: readonly (readonly [x: number, y: number])[] = []) =>
  paint((x, y) => (lamps.some(([left, top]) => Math.hypot(x - left, y - top) < 1.6) ? 220 : 9));
