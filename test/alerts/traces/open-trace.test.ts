import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { cameraTrace, nextTrace, type OpenTrace } from '../../../src/alerts/traces/open-trace.ts';
import { CameraTrace, packTrace, unpackTrace } from '../../../src/alerts/traces/trace.ts';

const raisedAt = Date.parse('2026-11-26T08:00:00Z');
const box = { x: 1 / 3, y: 0.4, width: 0.05, height: 0.25 };
const look = (seconds: number, things = 1, aspect = 16 / 9) => ({
  at: new Date(raisedAt + seconds * 1_000),
  aspect,
  sightings: Array.from({ length: things }, () => ({ label: 'person', score: 0.39999, box })),
});
const begun: OpenTrace = { alert: 'x', camera: 'a', raisedAt, leastScore: 0.2, looks: [look(-1), look(0)] };

/** Looks twice a second for so long; what is left open, and when it was due to be written. */
function watched(seconds: number, things = 1) {
  let trace = begun;
  const due: number[] = [];
  for (let at = 0.5; at <= seconds; at += 0.5) {
    const next = nextTrace(trace, look(at, things));
    if (next.type === 'full') return { trace, due, fullAt: at };
    if (next.isDue) due.push(at);
    trace = next.trace;
  }
  return { trace, due, fullAt: undefined };
}

test('every look of the first minute is kept, then one in two seconds', () => {
  expect(watched(60).trace.looks).toHaveLength(2 + 120);
  expect(watched(120).trace.looks).toHaveLength(2 + 120 + 30);
});

test('it is written once while it goes on, five seconds in', () => {
  expect(watched(90).due).toEqual([5]);
});

test.each([
  ['after ten minutes', 1, 600.5],
  ['when very much was seen', 300, 20.5],
])('it is full %s', (_, things, fullAt) => {
  expect(watched(900, things).fullAt).toBe(fullAt);
});

test('a picture of another shape ends it', () => {
  expect(nextTrace(begun, look(1, 1, 1))).toEqual({ type: 'full' });
});

test('a stored trace has times from its first look, boxes to a tenth of a per mille, scores cut and never raised', async () => {
  const trace = cameraTrace(begun);
  expect(Value.Check(CameraTrace, trace)).toBe(true);
  expect(trace).toMatchObject({ type: 'camera', camera: 'a', from: '2026-11-26T07:59:59.000Z', leastScore: 0.2 });
  expect(trace?.looks).toEqual([
    { ms: 0, seen: [['person', 0.3999, 0.3333, 0.4, 0.05, 0.25]] },
    { ms: 1_000, seen: [['person', 0.3999, 0.3333, 0.4, 0.05, 0.25]] },
  ]);
  expect(trace && (await unpackTrace(await packTrace(trace)))).toEqual(trace);
});
