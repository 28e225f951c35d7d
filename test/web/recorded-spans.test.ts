import { expect, test } from 'vitest';
import { barPieces, hasRecordings, momentAt, type RecordingSpan } from '../../web/src/playback/recorded-spans.ts';

const at = (minutes: number) => new Date(minutes * 60_000).toISOString();
const span = (kind: RecordingSpan['kind'], from: number, to: number): RecordingSpan => ({
  kind,
  from: at(from),
  to: at(to),
});
const hour = { from: 0, to: 3_600_000 };
const spans = [
  span('gap', 0, 15),
  span('recording', 15, 30),
  span('recording', 30, 45),
  span('gap', 45, 48),
  span('recording', 48, 60),
];

test('neighbours of one kind are one piece, and what lies outside is left out', () => {
  expect(barPieces([span('recording', -20, -10), ...spans], hour)).toEqual([
    { kind: 'gap', start: 0, length: 0.25 },
    { kind: 'recording', start: 0.25, length: 0.5 },
    { kind: 'gap', start: 0.75, length: expect.closeTo(0.05) },
    { kind: 'recording', start: 0.8, length: expect.closeTo(0.2) },
  ]);
});

test('a place on the bar is its moment; in a gap the next that is recorded, at the very end the last', () => {
  expect(momentAt(spans, hour, 0.5)).toBe(30 * 60_000);
  expect(momentAt(spans, hour, 0.1)).toBe(15 * 60_000);
  expect(momentAt(spans, hour, 0.77)).toBe(48 * 60_000);
  expect(momentAt(spans, hour, 1.2)).toBe(60 * 60_000 - 1_000);
  expect(momentAt([span('gap', 0, 60)], hour, 0.5)).toBe(undefined);
});

test('a bar is of use only when something is recorded', () => {
  expect([hasRecordings([]), hasRecordings([span('gap', 0, 60)]), hasRecordings(spans)]).toEqual([false, false, true]);
});
