import { once } from 'node:events';
import { expect, test } from 'vitest';
import {
  DetectorCrashed,
  DetectorHung,
  FrameDropped,
  IdentityModelRefused,
} from '../../../src/alerts/detection/detector-errors.ts';
import { DetectorPool, type DetectorPoolOptions } from '../../../src/alerts/detection/detector-pool.ts';
import type { CameraFrame, Rank } from '../../../src/alerts/detection/model.ts';
import { silentLog } from '../../../src/shared/log.ts';

const fault = { none: 0, hang: 1, crash: 2, exit: 3, fail: 4 } as const;

function picture(camera: string, first: number = fault.none, at = 0): CameraFrame {
  return { camera, at: new Date(at), width: 2, height: 2, yuv: new Uint8Array(6).fill(first, 0, 1) };
}

function openPool(options: Partial<DetectorPoolOptions> = {}): DetectorPool {
  const pool = new DetectorPool({
    model: 'faulty',
    workers: 1,
    minScore: 0.2,
    script: new URL('./faulty-worker.ts', import.meta.url),
    log: silentLog,
    ...options,
  });
  pool.start();
  return pool;
}

test('a picture comes back with what was seen and its pixels', async () => {
  await using pool = openPool();
  const { frame, sightings } = await pool.detect(picture('a'));
  expect(sightings).toMatchObject([{ label: 'person' }]);
  expect(frame).toMatchObject({ camera: 'a', width: 2 });
  expect(frame.yuv).toHaveLength(6);
});

test('the newest waiting picture of a camera wins, and the dropped ones are counted', async () => {
  await using pool = openPool();
  const told = await Promise.allSettled([1, 2, 3, 4].map((at) => pool.detect(picture('a', fault.none, at))));
  expect(told.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
  expect(told[0]).toMatchObject({ reason: expect.any(FrameDropped) });
  expect(pool.counts).toMatchObject({ detected: 1, dropped: 3 });
});

test('cameras take turns: a busy one does not starve a quiet one', async () => {
  await using pool = openPool();
  await pool.detect(picture('warm-up'));
  const order: string[] = [];
  const look = (camera: string) =>
    pool.detect(picture(camera)).then(
      () => order.push(camera),
      () => undefined,
    );
  const busy = [look('busy'), look('busy'), look('busy')];
  await Promise.all([...busy, look('quiet')]);
  expect(order).toEqual(['busy', 'quiet', 'busy'].slice(0, order.length));
  expect(order).toContain('quiet');
});

test('what is pressing goes before cameras that wait longer', async () => {
  await using pool = openPool();
  await pool.detect(picture('warm-up'));
  const order: string[] = [];
  const look = (camera: string, rank?: Rank) => pool.detect(picture(camera), [], rank).then(() => order.push(camera));
  await Promise.all([look('looked-at'), look('first'), look('second'), look('news', 'pressing')]);
  expect(order).toEqual(['looked-at', 'news', 'first', 'second']);
});

test('however much is pressing, nobody waits for ever', async () => {
  await using pool = openPool();
  await pool.detect(picture('warm-up'));
  const until = new AbortController();
  const look = (camera: string, rank?: Rank) => pool.detect(picture(camera), [], rank);
  const flood = async (camera: string) => {
    while (!until.signal.aborted) await look(camera, 'pressing');
  };
  const floods = ['a', 'b', 'c'].map(flood);
  const began = performance.now();
  await look('patient');
  const waited = performance.now() - began;
  until.abort();
  await Promise.all(floods);
  expect(waited).toBeGreaterThan(1_500);
  expect(waited).toBeLessThan(4_000);
});

test.each([
  { name: 'crashes', first: fault.crash },
  { name: 'exits', first: fault.exit },
])('a worker that $name is replaced within five seconds', async ({ first }) => {
  await using pool = openPool();
  await expect(pool.detect(picture('a', first))).rejects.toThrow(DetectorCrashed);
  const began = performance.now();
  await pool.detect(picture('a'));
  expect(performance.now() - began).toBeLessThan(5_000);
  expect(pool.counts.restarts).toBe(1);
});

test('a worker that hangs is ended at its deadline and replaced', async () => {
  await using pool = openPool({ frameMs: 300 });
  await expect(pool.detect(picture('a', fault.hang))).rejects.toThrow(DetectorHung);
  expect((await pool.detect(picture('b'))).sightings).toHaveLength(1);
  expect(pool.counts.restarts).toBe(1);
});

test('a picture that fails costs that picture only', async () => {
  await using pool = openPool();
  await expect(pool.detect(picture('a', fault.fail))).rejects.toThrow('planted failure');
  await pool.detect(picture('a'));
  expect(pool.counts).toMatchObject({ failed: 1, detected: 1, restarts: 0 });
});

test('a model that cannot be used blinds the detector at once, with the reason', async () => {
  await using pool = openPool({ model: 'unusable' });
  const [cause] = await once(pool, 'blind', { signal: AbortSignal.timeout(5_000) });
  expect(cause).toMatchObject({ code: 'MODEL_UNUSABLE' });
  expect(pool.isBlind).toBe(true);
});

test('a detector that answers nothing is blind, and sees again with the first answer', async () => {
  await using pool = openPool({ frameMs: 400, blindMs: 200 });
  await pool.detect(picture('a'));
  const blind = once(pool, 'blind', { signal: AbortSignal.timeout(5_000) });
  await expect(pool.detect(picture('a', fault.hang))).rejects.toThrow(DetectorHung);
  await blind;
  const sight = once(pool, 'sight', { signal: AbortSignal.timeout(5_000) });
  await pool.detect(picture('a')).catch(() => undefined);
  await sight;
  expect(pool.isBlind).toBe(false);
});

test('when every picture fails, the detector is known to be blind sooner than when none is answered', async () => {
  const [began, blindMs] = [performance.now(), 6_000];
  await using pool = openPool({ blindMs });
  const blind = once(pool, 'blind', { signal: AbortSignal.timeout(10_000) });
  for (let failed = 0; failed < 3; failed++)
    await expect(pool.detect(picture('a', fault.fail))).rejects.toThrow('planted failure');
  await blind;
  expect(performance.now() - began).toBeLessThan(blindMs);
});

test('a picture that waits too long is dropped, not kept', async () => {
  await using pool = openPool({ model: 'silent', waitMs: 100, blindMs: 200 });
  await expect(pool.detect(picture('a'))).rejects.toThrow('late');
});

test.each([
  { name: 'of another size than it says', frame: { ...picture('a'), width: 4 } },
  { name: 'with half a pixel', frame: { ...picture('a'), width: 4, height: 1 } },
  { name: 'of nothing', frame: { ...picture('a'), width: 0, yuv: new Uint8Array() } },
])('a picture $name never reaches a worker', async ({ frame }) => {
  await using pool = openPool();
  await expect(pool.detect(frame)).rejects.toThrow(FrameDropped);
});

test('closing answers every picture and may be done twice', async () => {
  const pool = openPool({ frameMs: 60_000 });
  await pool.detect(picture('a'));
  const told = Promise.allSettled([pool.detect(picture('a', fault.hang)), pool.detect(picture('b'))]);
  await pool.close();
  await pool.close();
  expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(pool.detect(picture('a'))).rejects.toThrow('closed');
});

test('labels that say who somebody is are refused before anything starts', () => {
  expect(() => openPool({ labels: new Map([[0, 'face']]) })).toThrow(IdentityModelRefused);
});
