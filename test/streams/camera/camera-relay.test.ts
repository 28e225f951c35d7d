import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { silentLog } from '../../../src/shared/log.ts';
import { CameraRelay, type RunSession } from '../../../src/streams/camera/camera-relay.ts';
import type { SessionEvents } from '../../../src/streams/camera/camera-session.ts';
import { DialGate } from '../../../src/streams/camera/dial-gate.ts';
import type { AccessUnit } from '../../../src/streams/rtp/nal.ts';
import { StreamFailure } from '../../../src/streams/stream-failure.ts';
import { h264Sets, sets, slice } from '../rtp/packets.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const unit = (mark: number): AccessUnit => ({
  codec: 'h264',
  key: true,
  nals: [slice(mark, { key: true })],
  parameters: { sps: sets.h264Sps, pps: h264Sets.slice(1) },
  timestamp: mark,
  afterLoss: false,
});

/** Ten pictures a second for so long, then the camera is gone. */
async function show(events: SessionEvents, { seconds, mark }: { seconds: number; mark: (index: number) => number }) {
  events.playing();
  for (let index = 0; index <= seconds * 10; index += 1) {
    events.picture(unit(mark(index)));
    await new Promise((next) => setTimeout(next, 100));
  }
}

/** Runs the sessions one after the other and tells the delay before each redial, with the longest jitter there is. */
async function delaysOf(sessions: readonly RunSession[]): Promise<number[]> {
  const delays: number[] = [];
  let index = 0;
  const runSession: RunSession = async (events, signal) => {
    await sessions[index++]?.(events, signal);
    throw new StreamFailure('lost', 'gone');
  };
  const enough = Promise.withResolvers<void>();
  const wait = async (ms: number, signal: AbortSignal) => {
    delays.push(ms);
    if (delays.length < sessions.length) return;
    enough.resolve();
    await new Promise((aborted) => signal.addEventListener('abort', aborted));
  };
  const relay = new CameraRelay({ runSession, gate: new DialGate(10), log: silentLog, random: () => 1, wait });
  relay.open();
  await vi.advanceTimersByTimeAsync(600_000);
  await enough.promise;
  await relay.close();
  expect(vi.getTimerCount()).toBe(0);
  return delays;
}

const nothing: RunSession = () => Promise.resolve();
const flapping: RunSession = (events) => show(events, { seconds: 2, mark: (index) => index });
const steady: RunSession = (events) => show(events, { seconds: 31, mark: (index) => index });

test('the wait before a redial doubles from 1 s to 60 s', async () => {
  const delays = await delaysOf(Array<RunSession>(9).fill(nothing));
  expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
});

test('a camera that flaps is waited for ever longer; only 30 s of pictures make it as well as new', async () => {
  expect(await delaysOf([flapping, flapping, flapping, steady, flapping])).toEqual([1_000, 2_000, 4_000, 1_000, 2_000]);
});

test('a minute of the very same picture, told to be stale, is no steady run', async () => {
  const frozen: RunSession = async (events) => {
    events.playing();
    events.picture(unit(1));
    events.verdict('frozen');
    await show(events, { seconds: 60, mark: () => 1 });
  };
  expect(await delaysOf([nothing, frozen, nothing])).toEqual([1_000, 2_000, 4_000]);
});

test('a refused password is not tried again at once: cameras lock accounts', async () => {
  const refused: RunSession = () => Promise.reject(new StreamFailure('unauthorized', 'no'));
  expect(await delaysOf([refused, refused, refused])).toEqual([15_000, 30_000, 60_000]);
});

test('a picture is told to be new once, however often it comes and over how many connections', async () => {
  const told: boolean[] = [];
  const runSession: RunSession = async (events) => {
    for (const mark of [1, 1, 2]) events.picture(unit(mark));
    for (const mark of [2, 2]) events.picture(unit(mark));
    throw new StreamFailure('lost', 'gone');
  };
  const relay = new CameraRelay({ runSession, gate: new DialGate(10), log: silentLog, random: () => 1 });
  relay.on('picture', (_, isNew) => told.push(isNew));
  relay.open();
  await vi.advanceTimersByTimeAsync(0);
  await relay.close();
  expect(told).toEqual([true, false, true, false, false]);
});
