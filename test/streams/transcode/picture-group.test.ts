import { expect, test } from 'vitest';
import type { AccessUnit } from '../../../src/streams/rtp/nal.ts';
import { PictureGroup } from '../../../src/streams/transcode/picture-group.ts';
import { PicturesUnderway } from '../../../src/streams/transcode/pictures-underway.ts';
import { sets, slice } from '../rtp/packets.ts';

const parameters = { sps: sets.h264Sps, pps: [sets.h264Pps] };

function unit(index: number, { key = false, bytes = 10 } = {}): AccessUnit {
  const nals = [Buffer.concat([slice(index & 0xff, { key }), Buffer.alloc(bytes, 1)])];
  return { codec: 'h264', key, nals, parameters, timestamp: (index * 3_600) >>> 0, afterLoss: false };
}

test('a group is what came since the last key picture, on a timeline that rises over a jump of the clock', () => {
  const group = new PictureGroup();
  group.add(unit(0), 0);
  expect(group.units).toEqual([]);
  const shown = [1, 2, 3].map((index) => group.add(unit(index, { key: index === 2 }), index * 40).shownMs);
  shown.push(group.add(unit(900_000), 160).shownMs);
  expect(group.units.map(({ unit: { timestamp } }) => timestamp / 3_600)).toEqual([2, 3, 900_000]);
  expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  expect(new Set(shown).size).toBe(4);
  expect([group.latestMs, Math.round(group.fps)]).toEqual([shown[3], 25]);
});

test('a group of more than 4 MiB is given up until the next key picture', () => {
  const group = new PictureGroup();
  group.add(unit(0, { key: true, bytes: 3_000_000 }), 0);
  group.add(unit(1, { bytes: 2_000_000 }), 40);
  expect(group.units).toEqual([]);
  group.add(unit(2), 80);
  expect(group.units).toEqual([]);
  group.add(unit(3, { key: true }), 120);
  expect(group.units).toHaveLength(1);
});

test('an answer is for the picture shown then; those shown before will have none', () => {
  const underway = new PicturesUnderway();
  const picture = (shownMs: number) => ({ unit: unit(shownMs), shownMs });
  for (const [index, shownMs] of [0, 120, 40, 80, 160].entries()) underway.add(picture(shownMs), 1_000 + index);
  expect(underway.oldestMs(1_500)).toBe(500);
  expect(underway.answer(40)).toEqual({ source: picture(40).unit, sinceMs: 1_002 });
  expect(underway.oldestMs(1_500)).toBe(499);
  expect(underway.answer(50)).toBeUndefined();
  expect(underway.answer(160)?.sinceMs).toBe(1_004);
  expect(underway.oldestMs(9_000)).toBe(0);
});

test('while nothing is given, what a decoder holds back is not late', () => {
  const underway = new PicturesUnderway();
  underway.add({ unit: unit(1), shownMs: 40 }, 1_000);
  underway.pause(1_100);
  underway.pause(2_000);
  expect(underway.oldestMs(61_100)).toBe(100);
  underway.resume(61_100);
  expect([underway.oldestMs(61_100), underway.oldestMs(61_300)]).toEqual([100, 300]);
  expect(underway.answer(40)?.sinceMs).toBe(61_000);
});
