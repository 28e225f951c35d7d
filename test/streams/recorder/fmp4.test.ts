import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nalsOf, type ReadAt, RecordingDamagedError, readSegment } from '../../../src/streams/recorder/fmp4-reader.ts';
import { fragmentBytes, fragmentedHead, type Sample, withLengths } from '../../../src/streams/recorder/fmp4-writer.ts';
import { OpenSegment } from '../../../src/streams/recorder/open-segment.ts';
import { readVideoFormat } from '../../../src/streams/rtp/video-format.ts';
import { arrivals, demoClip, readPictures, setsOf } from './clip-units.ts';

const startedAt = new Date('2026-11-21T08:00:00.000Z');
const readOf =
  (file: Buffer): ReadAt =>
  async (offset, length) =>
    file.subarray(offset, offset + length);

const { clip } = await readPictures(demoClip('traffic'));
const sets = setsOf(clip);
const head = fragmentedHead({ sets, format: readVideoFormat('h264', sets.sps), startedAt, durationTicks: 0 });

const anySample: fc.Arbitrary<Sample> = fc.record({
  data: fc.uint8Array({ maxLength: 300 }).map((bytes) => withLengths([Buffer.from(bytes)])),
  key: fc.boolean(),
  durationTicks: fc.integer({ min: 1, max: 0xffffffff }),
  offsetTicks: fc.integer({ min: -0x80000000, max: 0x7fffffff }),
});
const anyFragments = fc.array(
  fc.record({ decodeTicks: fc.nat(2 ** 40), samples: fc.array(anySample, { minLength: 1, maxLength: 20 }) }),
  { maxLength: 6 },
);

test('whatever is written is read back: sizes, times, keys and bytes', async () => {
  await fc.assert(
    fc.asyncProperty(anyFragments, async (fragments) => {
      const written = fragments.map((fragment, index) => fragmentBytes({ sequence: index + 1, ...fragment }));
      const file = Buffer.concat([head, ...written]);
      const segment = await readSegment(readOf(file));
      expect(segment).toMatchObject({ codec: 'h264', intactBytes: file.length, sets });
      const expected = fragments.flatMap(({ samples }) => samples);
      expect(
        segment.samples.map(({ key, durationTicks, offsetTicks }) => ({ key, durationTicks, offsetTicks })),
      ).toEqual(expected.map(({ key, durationTicks, offsetTicks }) => ({ key, durationTicks, offsetTicks })));
      for (const [index, { offset, size }] of segment.samples.entries())
        expect(file.subarray(offset, offset + size).equals(expected[index]?.data ?? Buffer.alloc(0))).toBe(true);
    }),
  );
});

test('torn at any byte of its last fragment, a file ends with the one before', async () => {
  const sample = (fill: number): Sample => ({
    data: withLengths([Buffer.alloc(90, fill)]),
    key: true,
    durationTicks: 3_600,
    offsetTicks: 0,
  });
  const [first, last] = [1, 2].map((sequence) =>
    fragmentBytes({ sequence, decodeTicks: sequence * 7_200, samples: [sample(1), sample(2)] }),
  );
  const whole = Buffer.concat([head, first ?? head]);
  const file = Buffer.concat([whole, last ?? head]);
  for (let cut = whole.length; cut < file.length; cut += 1) {
    const segment = await readSegment(readOf(file.subarray(0, cut)));
    expect([segment.intactBytes, segment.samples.length], `cut at ${cut}`).toEqual([whole.length, 2]);
  }
  expect((await readSegment(readOf(file))).samples).toHaveLength(4);
});

test('a file without a whole head is damaged, whatever is in it', async () => {
  for (let cut = 0; cut < head.length; cut += 1)
    await expect(readSegment(readOf(head.subarray(0, cut)))).rejects.toThrow(RecordingDamagedError);
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 4_000 }), async (noise) => {
      await expect(readSegment(readOf(Buffer.from(noise)))).rejects.toThrow(RecordingDamagedError);
    }),
  );
});

test('noise after the head, or over any byte of a fragment, never throws nor reads outside', async () => {
  const sample = { data: withLengths([Buffer.alloc(50)]), key: true, durationTicks: 1, offsetTicks: 0 };
  const file = Buffer.concat([head, fragmentBytes({ sequence: 1, decodeTicks: 0, samples: [sample, sample] })]);
  await fc.assert(
    fc.asyncProperty(fc.nat(file.length - head.length - 1), fc.integer({ min: 0, max: 255 }), async (at, value) => {
      const changed = Buffer.from(file);
      changed[head.length + at] = value;
      const { samples, intactBytes } = await readSegment(readOf(changed));
      expect(intactBytes).toBeLessThanOrEqual(file.length);
      expect(samples.every(({ offset, size }) => offset + size <= file.length)).toBe(true);
    }),
  );
});

test.each(['traffic', 'bridge-h265'])(
  'the pictures of %s come back as they were, with parameter sets and times',
  async (name) => {
    const pictures = await readPictures(demoClip(name));
    const taken = arrivals(pictures, startedAt);
    const [first] = taken;
    if (!first) throw new Error('no pictures');
    const segment = new OpenSegment(first.arrived, first.nowMs);
    const parts: (Buffer | undefined)[] = [segment.head];
    for (const { arrived, nowMs } of taken) parts.push(segment.add(arrived, nowMs));
    parts.push(segment.end());
    const file = Buffer.concat(parts.filter((part) => part !== undefined));
    const stored = await readSegment(readOf(file));
    expect(stored.intactBytes).toBe(file.length);
    expect(stored.sets).toEqual(setsOf(pictures.clip));
    const read = stored.samples.map(({ offset, size }) => nalsOf(file.subarray(offset, offset + size)));
    expect(read).toEqual(pictures.units.map(({ nals }) => [...nals]));
    const shown = stored.samples.map(({ decodeTicks, offsetTicks }) => decodeTicks + offsetTicks);
    const given = pictures.clip.frames.map(({ presentationTicks }) => presentationTicks);
    expect(shown.map((time) => time - (shown[0] ?? 0))).toEqual(given.map((time) => time - (given[0] ?? 0)));
    expect(segment.holes).toEqual([]);
    const seconds = (segment.endedAt.getTime() - startedAt.getTime()) / 1_000;
    expect(Math.abs(seconds - pictures.clip.durationTicks / 90_000)).toBeLessThan(0.1);
  },
);

test('a picture waits half a second at most for its fragment when others follow', async () => {
  const taken = arrivals(await readPictures(demoClip('traffic')), startedAt);
  const [first] = taken;
  if (!first) throw new Error('no pictures');
  const segment = new OpenSegment(first.arrived, first.nowMs);
  let writtenMs = first.nowMs;
  for (const { arrived, nowMs } of taken) {
    if (segment.add(arrived, nowMs)) writtenMs = nowMs;
    expect(nowMs - writtenMs).toBeLessThan(600);
  }
});
