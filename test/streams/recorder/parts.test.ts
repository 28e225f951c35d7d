import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decideCut } from '../../../src/streams/recorder/cut.ts';
import { DeletionAllowance, tooMany } from '../../../src/streams/recorder/deletion-guard.ts';
import { OpenSegment } from '../../../src/streams/recorder/open-segment.ts';
import { parameterSetsOf } from '../../../src/streams/recorder/parameter-record.ts';
import { parseSegmentFile, segmentFile } from '../../../src/streams/recorder/segment-name.ts';
import { arrivals, demoClip, readPictures } from './clip-units.ts';

const startedAt = new Date('2026-11-21T08:00:00.000Z');
const pictures = arrivals(await readPictures(demoClip('traffic'), 4), startedAt);
const first = firstOf(pictures);
const later = pictures.filter(({ nowMs }) => nowMs - first.nowMs > 10_000);
const key = later.find(({ arrived }) => arrived.unit.key) ?? first;
const other = later.find(({ arrived }) => !arrived.unit.key) ?? first;

function firstOf<T>([first]: readonly T[]): T {
  if (first === undefined) throw new Error('no pictures');
  return first;
}

function segmentUntil(nowMs: number): OpenSegment {
  const segment = new OpenSegment(first.arrived, first.nowMs);
  for (const picture of pictures) if (picture.nowMs < nowMs) segment.add(picture.arrived, picture.nowMs);
  return segment;
}

const decide = ({ arrived, nowMs }: typeof first, maxMs: number) =>
  decideCut(segmentUntil(nowMs), arrived, { nowMs, maxMs });

test('a file ends at the first key picture after its time, and the next follows directly', () => {
  expect(decide(key, 60_000)).toEqual({ type: 'continue' });
  expect(decide(key, 5_000)).toEqual({ type: 'rotate' });
  expect(decide(other, 5_000)).toEqual({ type: 'continue' });
});

test('other parameter sets need another file, the same ones said again do not', () => {
  const { unit } = key.arrived;
  const again = { ...unit, parameters: { ...unit.parameters } };
  const changed = { ...unit, parameters: { ...unit.parameters, pps: [Buffer.from('68ee3c80', 'hex')] } };
  expect(decide({ ...key, arrived: { ...key.arrived, unit: again } }, 60_000)).toEqual({ type: 'continue' });
  expect(decide({ ...key, arrived: { ...key.arrived, unit: changed } }, 60_000)).toEqual({ type: 'rotate' });
  const delta = { ...changed, key: false };
  expect(decide({ ...key, arrived: { ...key.arrived, unit: delta } }, 60_000)).toMatchObject({ type: 'break' });
});

test('a clock that jumps, ours or that of the camera, ends the file', () => {
  const hour = { ...key.arrived, at: new Date(key.arrived.at.getTime() - 3_600_000) };
  expect(decide({ ...key, arrived: hour }, 60_000)).toEqual({ type: 'break', reason: 'clock' });
  const unit = { ...key.arrived.unit, timestamp: (key.arrived.unit.timestamp + 90_000 * 3_600) >>> 0 };
  expect(decide({ ...key, arrived: { ...key.arrived, unit } }, 60_000)).toEqual({ type: 'break', reason: 'offline' });
});

test('a camera without another key picture does not make a file without end', () => {
  const nowMs = other.nowMs + 15 * 60_000;
  const segment = segmentUntil(other.nowMs);
  const late = { ...other.arrived, at: new Date(startedAt.getTime() + nowMs - first.nowMs) };
  const unit = { ...late.unit, timestamp: (late.unit.timestamp + 15 * 60 * 90_000) >>> 0 };
  expect(decideCut(segment, { ...late, unit }, { nowMs, maxMs: 60_000 })).toEqual({ type: 'break', reason: 'loss' });
});

test('lost pictures are a hole with a name, a slow camera is not', () => {
  const segment = segmentUntil(first.nowMs + 1_000);
  const lost = pictures.find(({ nowMs, arrived }) => arrived.unit.key && nowMs > first.nowMs + 1_500) ?? first;
  segment.add({ ...lost.arrived, unit: { ...lost.arrived.unit, afterLoss: true } }, lost.nowMs);
  expect(segment.holes).toMatchObject([{ reason: 'loss' }]);
  const [hole] = segment.holes;
  expect(hole?.to.getTime()).toBe(startedAt.getTime() + Math.round(lost.nowMs - first.nowMs));
  const slow = new OpenSegment(first.arrived, 0);
  for (let second = 0; second < 10; second += 1) {
    const unit = { ...first.arrived.unit, timestamp: (first.arrived.unit.timestamp + second * 90_000) >>> 0 };
    slow.add({ at: startedAt, unit }, second * 1_000);
  }
  expect(slow.holes).toEqual([]);
});

test('a file is named by camera and start, and the name is read back', () => {
  const name = { camera: 'k1432-120', startedAt: new Date('2026-11-21T04:26:50.123Z'), ring: true, mark: '0a1b2c3d' };
  expect(segmentFile(name)).toBe('k1432-120/2026-11-21/2026-11-21T042650.123Z-r0a1b2c3d.mp4');
  expect(parseSegmentFile(segmentFile(name))).toEqual(name);
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }), fc.boolean(), (date, ring) => {
      const any = { ...name, startedAt: date, ring };
      expect(parseSegmentFile(segmentFile(any))).toEqual(any);
    }),
  );
});

test.each(['../x/2026-11-21/2026-11-21T042650.123Z-c0a1b2c3d.mp4', 'cam/2026-11-21/x.mp4', 'cam/clip.mp4', ''])(
  'a file that is not named by us is left alone: %j',
  (file) => {
    expect(parseSegmentFile(file)).toBeUndefined();
  },
);

test('a single file may go, more than a fifth may not', () => {
  expect([tooMany(1, 1), tooMany(2, 10), tooMany(3, 10), tooMany(2, 2)]).toEqual([false, false, true, true]);
});

test('a full ring turns for ever, what somebody else fills takes a fifth at most', () => {
  const ring = new DeletionAllowance();
  for (let turn = 0; turn < 100; turn += 1) {
    ring.earn(15);
    expect(ring.spend(15, { bytes: 45 })).toBe(true);
  }
  const drained = new DeletionAllowance();
  let bytes = 1_000;
  while (drained.spend(10, { bytes })) bytes -= 10;
  expect(bytes).toBeGreaterThanOrEqual(790);
});

test('noise is no parameter record', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom('h264' as const, 'h265' as const),
      (noise, codec) => {
        const sets = parameterSetsOf(codec, Buffer.from(noise));
        if (sets) expect(sets.sps.length).toBeLessThanOrEqual(100);
      },
    ),
  );
});
