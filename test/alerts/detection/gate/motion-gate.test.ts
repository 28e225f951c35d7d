import { expect, test } from 'vitest';
import { MotionGate, type Standing } from '../../../../src/alerts/detection/gate/motion-gate.ts';
import type { CameraFrame } from '../../../../src/alerts/detection/model.ts';
import { greyPicture } from '../../../helpers/yuv.ts';

const size = { width: 320, height: 180 };
const nobody: Standing = { followed: [], isMissing: false, pending: [] };
const line = {
  id: 'line',
  points: [
    [0, 0.5],
    [1, 0.5],
  ] as const,
};

function frame(second: number, x?: number): CameraFrame {
  const isThere = (column: number, row: number) =>
    x !== undefined && row >= 100 && row < 130 && column >= x && column < x + 12;
  const picture = greyPicture(size.width, size.height, (column, row) => (isThere(column, row) ? 220 : 90));
  return { camera: 'a', at: new Date(second * 1_000), ...picture };
}

const gate = () => new MotionGate({ lines: [line] }, { fullEveryMs: 10_000, mostRegions: 2 });

test('all of the first picture is looked at, then what moves, then nothing, and all of it again on the slow beat', () => {
  const motion = gate();
  const types = Array.from({ length: 13 }, (_, second) => {
    const taken = frame(second, second === 3 ? 40 : undefined);
    const look = motion.decide(taken, nobody);
    motion.looked(look, taken.at);
    return look.type;
  });
  expect(types.slice(0, 3)).toEqual(['whole', 'nothing', 'nothing']);
  expect(types[3]).toBe('regions');
  expect(types.slice(5, 10).every((type) => type !== 'whole')).toBe(true);
  expect(types[10]).toBe('whole');
});

test('a whole look that came to nothing is asked for again with the next picture', () => {
  const motion = gate();
  motion.looked(motion.decide(frame(0), nobody), new Date(0));
  expect(motion.decide(frame(1), nobody).type).toBe('nothing');
  motion.missed();
  expect(motion.decide(frame(2), nobody).type).toBe('whole');
});

test('somebody who is missing is looked for everywhere at once, then where they should be, and everywhere again once something moved', () => {
  const motion = gate();
  const box = { x: 0.4, y: 0.4, width: 0.05, height: 0.2 };
  const missing: Standing = { followed: [box], isMissing: true, pending: [] };
  motion.looked(motion.decide(frame(0), nobody), new Date(0));
  const types = [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15].map((second) => {
    const taken = frame(second, second === 12 ? 100 : undefined);
    const look = motion.decide(taken, missing);
    motion.looked(look, taken.at);
    return look.type;
  });
  expect(types).toEqual(['whole', ...Array(9).fill('regions'), 'whole']);
});

test('a clock that is set back does not put the slow beat off', () => {
  const motion = gate();
  const look = motion.decide(frame(5_000), nobody);
  motion.looked(look, new Date(5_000_000));
  expect(motion.decide(frame(100), nobody).type).toBe('whole');
});

test('a picture of another size is looked at as a whole', () => {
  const motion = gate();
  motion.looked(motion.decide(frame(0), nobody), new Date(0));
  const smaller = { camera: 'a', at: new Date(1_000), ...greyPicture(64, 36, 0) };
  expect(motion.decide(smaller, nobody).type).toBe('whole');
});
