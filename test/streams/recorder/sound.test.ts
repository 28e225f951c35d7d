import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AacOnly } from '../../../src/streams/audio/aac-only.ts';
import type { AnnouncedSound } from '../../../src/streams/audio/camera-sound.ts';
import { transcodedSound } from '../../../src/streams/audio/g711-child.ts';
import { chunksOf, partsOf } from '../../../src/streams/recorder/clip-layout.ts';
import { placeSound } from '../../../src/streams/recorder/clip-sound.ts';
import { decideCut } from '../../../src/streams/recorder/cut.ts';
import { readSegment, type StoredSample } from '../../../src/streams/recorder/fmp4-reader.ts';
import { fragmentBytes, fragmentedHead, type SoundRun } from '../../../src/streams/recorder/fmp4-writer.ts';
import { OpenSegment } from '../../../src/streams/recorder/open-segment.ts';
import { SegmentSound, segmentSound } from '../../../src/streams/recorder/segment-sound.ts';
import { aacConfig } from '../../../src/streams/rtp/aac-config.ts';
import { readVideoFormat } from '../../../src/streams/rtp/video-format.ts';
import { arrivals, demoClip, readPictures, setsOf } from './clip-units.ts';

const startedAt = new Date('2026-11-26T08:00:00Z');
const config = aacConfig(48_000, 2) ?? Buffer.alloc(0);
const sound: AnnouncedSound = { config, channels: 2 };
const frameTicks = 1_920;
const pictures = await readPictures(demoClip('traffic'));
const sets = setsOf(pictures.clip);
const facts = { sets, format: readVideoFormat('h264', sets.sps), startedAt, durationTicks: 0 };
const readOf = (file: Buffer) => async (offset: number, length: number) => file.subarray(offset, offset + length);
const picture = { data: Buffer.alloc(50, 1), key: true, durationTicks: 3_600, offsetTicks: 0 };

const anyRun: fc.Arbitrary<SoundRun> = fc.record({
  decodeTicks: fc.nat(2 ** 40),
  samples: fc.array(
    fc.record({
      data: fc.uint8Array({ minLength: 1, maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      durationTicks: fc.integer({ min: 1, max: 100_000 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
});

test('sound that is written beside pictures is read back: configuration, times and bytes', async () => {
  const head = fragmentedHead(facts, config);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(anyRun, { maxLength: 3 }), { maxLength: 4 }), async (fragments) => {
      const written = fragments.map((runs, index) =>
        fragmentBytes({ sequence: index + 1, decodeTicks: index, samples: [picture, picture], sound: runs }),
      );
      const file = Buffer.concat([head, ...written]);
      const segment = await readSegment(readOf(file));
      expect(segment).toMatchObject({ intactBytes: file.length, sound: { config } });
      expect(segment.samples).toHaveLength(2 * fragments.length);
      const runs = fragments.flat();
      const frames = segment.sound?.frames ?? [];
      const bytes = frames.map(({ offset, size }) => file.subarray(offset, offset + size));
      expect(Buffer.concat(bytes)).toEqual(
        Buffer.concat(runs.flatMap(({ samples }) => samples.map(({ data }) => data))),
      );
      const starts = runs.flatMap(({ decodeTicks, samples }) =>
        samples.map((_, index) => samples.slice(0, index).reduce((sum, each) => sum + each.durationTicks, decodeTicks)),
      );
      expect(frames.map(({ decodeTicks }) => decodeTicks)).toEqual(starts);
    }),
  );
});

test('torn within the sound of its last fragment, a file ends with the one before', async () => {
  const run = { decodeTicks: 0, samples: [{ data: Buffer.alloc(20, 7), durationTicks: frameTicks }] };
  const fragment = (sequence: number) =>
    fragmentBytes({ sequence, decodeTicks: sequence, samples: [picture], sound: [run] });
  const whole = Buffer.concat([fragmentedHead(facts, config), fragment(1)]);
  const file = Buffer.concat([whole, fragment(2)]);
  for (let cut = whole.length; cut < file.length; cut += 1) {
    const { intactBytes, sound: read } = await readSegment(readOf(file.subarray(0, cut)));
    expect([intactBytes, read?.frames.length], `cut at ${cut}`).toEqual([whole.length, 1]);
  }
});

const frame = (index: number, arrivedMs: number) =>
  [
    { codec: 'aac', clockRate: 48_000, channels: 2, config, data: Buffer.of(index), timestamp: index * 1_024 },
    arrivedMs,
  ] as const;

test('frames follow each other to the sample, where nothing came there is silence, and nothing before the start', () => {
  const track = segmentSound(sound);
  if (!(track instanceof SegmentSound)) throw new Error('no track');
  const show = (ms: number) =>
    track.follow({ decodeMs: ms, shownMs: ms, arrivedMs: 1_000 + ms, capturedAt: undefined });
  show(0);
  track.take(...frame(0, 1_000 - 1_024 / 48));
  for (let index = 1; index < 40; index += 1) {
    track.take(...frame(index, 1_000 + ((index - 1) * 1_024) / 48));
    show(index * 20);
  }
  const [run, ...others] = track.drain();
  expect(others).toEqual([]);
  expect(run?.decodeTicks).toBe(0);
  expect(run?.samples.map(({ data }) => data[0])).toEqual(Array.from({ length: 39 }, (_, index) => index + 1));
  expect(new Set(run?.samples.map(({ durationTicks }) => durationTicks))).toEqual(new Set([frameTicks]));
  for (let ms = 800; ms < 3_000; ms += 40) show(ms);
  const silent = track.drain().flatMap(({ samples }) => samples);
  expect(silent.length * frameTicks).toBeGreaterThan(90 * 1_500);
  expect(track.drain()).toEqual([]);
});

test('sound of no use has no track: none, an unreadable configuration, an endless one', () => {
  expect(segmentSound(undefined)).toBeUndefined();
  expect(segmentSound({ config: Buffer.alloc(0), channels: 1 })).toBeUndefined();
  expect(segmentSound({ config: Buffer.concat([config, Buffer.alloc(100)]), channels: 2 })).toBeUndefined();
});

test('sound that begins, or is coded otherwise, begins a file with the next key picture', () => {
  const taken = arrivals(pictures, startedAt);
  const [first] = taken;
  const key = taken.find(({ arrived, nowMs }) => arrived.unit.key && nowMs > (first?.nowMs ?? 0));
  const delta = taken.find(({ arrived }) => !arrived.unit.key);
  if (!first || !key || !delta) throw new Error('no pictures');
  const decide = (begun: AnnouncedSound | undefined, next: typeof first, now?: AnnouncedSound) => {
    const segment = new OpenSegment(first.arrived, first.nowMs, begun);
    for (const each of taken) if (each.nowMs < next.nowMs) segment.add(each.arrived, each.nowMs);
    return decideCut(segment, next.arrived, { nowMs: next.nowMs, maxMs: 60_000, ...(now && { sound: now }) }).type;
  };
  const mono = { config: aacConfig(16_000, 1) ?? config, channels: 1 };
  expect(decide(undefined, key, sound)).toBe('rotate');
  expect(decide(undefined, delta, sound)).toBe('continue');
  expect(decide(sound, key, mono)).toBe('rotate');
  expect(decide(sound, key, sound)).toBe('continue');
  expect(decide(sound, key)).toBe('continue');
  expect(decide(undefined, key, { config: Buffer.alloc(0), channels: 1 })).toBe('continue');
});

const stored = (count: number, pause = 0) =>
  Array.from({ length: count }, (_, index) => ({
    decodeTicks: index * 3_600 + (index > 1 ? pause : 0),
    durationTicks: index === 1 && pause > 0 ? 7_200 : 3_600,
  }));
const heard = (...ticks: number[]) =>
  ticks.map((decodeTicks, index) => ({ offset: index, size: 1, decodeTicks, durationTicks: frameTicks }));

test('sound keeps to its pictures in a clip: what is before, after, or in a pause that is left out is left out', () => {
  const place = (samples: ReturnType<typeof stored>, ...ticks: number[]) =>
    placeSound({ samples, frames: heard(...ticks) }, 1_000).map(({ clipTicks }) => clipTicks);
  expect(place(stored(3), 0, 1_920, 9_000, 9_800, 10_800)).toEqual([1_000, 2_920, 10_000]);
  expect(
    placeSound(
      { samples: stored(2).map((one) => ({ ...one, decodeTicks: one.decodeTicks + 500 })), frames: heard(0) },
      0,
    ),
  ).toEqual([]);
  const pause = 900_000;
  expect(place(stored(4, pause), 3_600, 10_700, 500_000, pause + 7_200, pause + 9_200)).toEqual([
    4_600, 11_700, 13_800,
  ]);
});

test('pictures and sound lie in a clip as in their file, a chunk of each in turn, the prefix before the first picture', () => {
  const sample = (offset: number): StoredSample => ({
    ...{ offset, size: 10, key: true, decodeTicks: 0, offsetTicks: 0, durationTicks: 1 },
  });
  const tone = (offset: number) => ({ offset, size: 5, decodeTicks: 0, durationTicks: 1, clipTicks: 0 });
  const prefix = Buffer.alloc(3);
  const pieces = [
    { samples: [sample(100), sample(110), sample(200)], frames: [tone(120), tone(125)], prefix: Buffer.alloc(0) },
    { samples: [sample(50)], frames: [tone(40)], prefix },
  ];
  expect(chunksOf(pieces)).toEqual([
    { of: 'picture', count: 2, bytes: 20 },
    { of: 'sound', count: 2, bytes: 10 },
    { of: 'picture', count: 1, bytes: 10 },
    { of: 'sound', count: 1, bytes: 5 },
    { of: 'picture', count: 1, bytes: 13 },
  ]);
  expect(pieces.map(partsOf)).toEqual([
    [
      { offset: 100, size: 30 },
      { offset: 200, size: 10 },
    ],
    [{ offset: 40, size: 5 }, prefix, { offset: 50, size: 10 }],
  ]);
});

test('who wants AAC only is not told of sound that is made AAC while others listen', () => {
  const told: (AnnouncedSound | undefined | number)[] = [];
  const output = new AacOnly({
    announceSound: (announced) => told.push(announced),
    publishSound: ({ data }) => told.push(data[0]),
  });
  output.publishSound(...frame(1, 0));
  output.announceSound({ ...transcodedSound, transcoded: true });
  output.publishSound(...frame(2, 0));
  output.announceSound(sound);
  output.publishSound(...frame(3, 0));
  output.announceSound(undefined);
  output.publishSound(...frame(4, 0));
  expect(told).toEqual([undefined, sound, 3, undefined]);
});
