import { expect, test } from 'vitest';
import { type Edge, faltered, liveEdge, paceFor, steadied } from '../../web/src/player/live-edge.ts';

test('near the end it plays at its own pace, a little behind a little faster, far behind it jumps', () => {
  const edge = liveEdge(0);
  expect(paceFor(edge, 100, false)).toEqual({ kind: 'play', rate: 1 });
  expect(paceFor(edge, 250, false)).toEqual({ kind: 'play', rate: 1.08 });
  expect(paceFor(edge, 900, false)).toEqual({ kind: 'play', rate: 1.25 });
  expect(paceFor(edge, 1_200, false)).toEqual({ kind: 'jump', beforeEndMs: 80 });
});

test('one that has just begun or come back into view jumps at once, so that nothing old is seen', () => {
  expect(paceFor(liveEdge(0), 200, true)).toEqual({ kind: 'jump', beforeEndMs: 80 });
  expect(paceFor(liveEdge(0), 120, true)).toEqual({ kind: 'play', rate: 1 });
});

test('where pictures falter it keeps more, at most 0.8 s, and comes back after half a minute of calm', () => {
  let edge: Edge = liveEdge(0);
  edge = faltered(edge, 1_000);
  expect(edge).toEqual({ targetMs: 128, smoothSince: 1_000 });
  expect(steadied(edge, 30_000)).toBe(edge);
  expect(steadied(edge, 31_000)).toEqual({ targetMs: 80, smoothSince: 31_000 });
  for (let count = 0; count < 20; count += 1) edge = faltered(edge, 40_000);
  expect(edge.targetMs).toBe(800);
  for (let step = 1; step <= 20; step += 1) edge = steadied(edge, 40_000 + step * 30_000);
  expect(edge.targetMs).toBe(80);
});
