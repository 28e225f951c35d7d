import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Recording, RecordingHold } from '../../../src/store/recordings-repository.ts';
import type { RecordingState } from '../../../src/streams/recorder/recording-facts.ts';
import { timelineOf } from '../../../src/streams/recorder/recording-timeline.ts';

const start = Date.parse('2026-11-21T08:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1_000);
const waiting: RecordingState = { phase: 'waiting', since: at(0) };

function file(from: number, to: number, fields: Partial<Recording> = {}): Recording {
  const id = `${from}`;
  const facts = { ring: false, open: false, bytes: 1, codec: 'h264', holes: [] };
  return { id, camera: 'cam', file: id, startedAt: at(from), endedAt: at(to), ...facts, ...fields };
}

interface Asked {
  readonly from?: number;
  readonly to: number;
  readonly next?: Recording;
  readonly state?: RecordingState;
  readonly holds?: RecordingHold[];
}

function shown(recordings: Recording[], { from = 0, to, next, state = waiting, holds = [] }: Asked) {
  const spans = timelineOf({ from: at(from), to: at(to), recordings, holds, next, state });
  const seconds = (date: Date) => (date.getTime() - start) / 1_000;
  return spans.map((span) => {
    const what = span.kind === 'gap' ? span.reason : span.locked ? 'locked' : 'recorded';
    return `${seconds(span.from)}-${seconds(span.to)} ${what}`;
  });
}

test('files that follow each other are one recording, cut to what was asked', () => {
  expect(shown([file(0, 60), file(60, 120)], { from: 10, to: 110 })).toEqual(['10-110 recorded']);
});

test('every gap says why: before, between, within and after', () => {
  const hole = { from: at(70), to: at(72), reason: 'loss' };
  const files = [file(10, 60, { gapBefore: 'restart' }), file(65, 100, { gapBefore: 'offline', holes: [hole] })];
  const next = file(200, 260, { gapBefore: 'disk' });
  expect(shown(files, { to: 150, next })).toEqual([
    '0-10 restart',
    '10-60 recorded',
    '60-65 offline',
    '65-70 recorded',
    '70-72 loss',
    '72-100 recorded',
    '100-150 disk',
  ]);
});

test('what followed directly and is not there any more was deleted', () => {
  expect(shown([file(60, 120)], { to: 120 })).toEqual(['0-60 deleted', '60-120 recorded']);
  expect(shown([file(0, 60)], { to: 100, next: file(120, 180) })).toEqual(['0-60 recorded', '60-100 deleted']);
});

test.each([
  [{ phase: 'off' } as const, ['0-60 recorded', '60-90 not_recorded']],
  [waiting, ['0-60 recorded', '60-90 offline']],
  [{ phase: 'stalled', since: at(60), cause: 'disk_full', retryAt: at(99) } as const, ['0-60 recorded', '60-90 disk']],
])('the end says how the recording stands: %o', (state, expected) => {
  expect(shown([file(0, 60)], { to: 90, state })).toEqual(expected);
});

test('what is not on disk yet of a running recording is no gap', () => {
  const state: RecordingState = { phase: 'recording', since: at(0) };
  expect(shown([file(0, 60, { open: true })], { to: 61, state })).toEqual(['0-60 recorded']);
  expect(shown([file(0, 60, { open: true })], { to: 70, state })).toEqual(['0-60 recorded', '60-70 offline']);
});

test('a locked file is told apart', () => {
  const hold: RecordingHold = { camera: 'cam', kind: 'lock', from: at(70), to: at(80), reason: 'evidence' };
  const files = [file(0, 60), file(60, 120), file(120, 180)];
  const expected = ['0-60 recorded', '60-120 locked', '120-180 recorded'];
  expect(shown(files, { to: 180, holds: [hold, { ...hold, kind: 'keep', from: at(0) }] })).toEqual(expected);
});

test('whatever is recorded, the spans cover what was asked without overlap', () => {
  const lengths = fc.array(fc.record({ pause: fc.nat(90), length: fc.integer({ min: 1, max: 120 }) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(lengths, fc.nat(600), fc.integer({ min: 1, max: 900 }), (given, from, span) => {
      let reached = 0;
      const files = given.map(({ pause, length }) => {
        const one = file(reached + pause, reached + pause + length, pause > 0 ? { gapBefore: 'offline' } : {});
        reached += pause + length;
        return one;
      });
      const question = { from: at(from), to: at(from + span) };
      const recordings = files.filter(({ startedAt, endedAt }) => startedAt < question.to && endedAt > question.from);
      const next = files.find(({ startedAt }) => startedAt >= question.to);
      const spans = timelineOf({ ...question, recordings, holds: [], next, state: waiting });
      expect(spans[0]?.from).toEqual(question.from);
      expect(spans.at(-1)?.to).toEqual(question.to);
      for (const [index, { to }] of spans.slice(0, -1).entries()) expect(spans[index + 1]?.from).toEqual(to);
    }),
  );
});
