import { env } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { SimulatedRtspServer } from '../../demo/simulators/rtsp-server.ts';
import type { TimelineSpan } from '../../src/streams/recorder/recording-timeline.ts';
import { makeClip } from '../streams/clips.ts';
import { openRecordingHouse, type RecordingHouse, timelineOf } from '../streams/recorder/recording-house.ts';

const minutes = Number(env.RECORDER_MINUTES ?? 60);

/** Every 20 s: a reboot, a power cut, the power back. */
async function flap(server: SimulatedRtspServer, turn: number): Promise<void> {
  if (turn % 3 === 0) server.dropAll();
  else if (turn % 3 === 1) await server.refuse();
  else await server.restore();
}

/** Its clock a day ahead, then an hour back. */
function jump(server: SimulatedRtspServer, turn: number): void {
  if (turn % 5 === 4) server.jumpTimestamps(turn % 2 === 0 ? 86_400 : -3_600);
}

const lengthOf = (items: readonly TimelineSpan[]) =>
  items.reduce((sum, { from, to }) => sum + to.getTime() - from.getTime(), 0);

function reasonsOf(items: readonly TimelineSpan[]): string[] {
  return items.flatMap((item) => (item.kind === 'gap' ? [item.reason] : []));
}

function tell(camera: string, items: readonly TimelineSpan[]): void {
  const counts = Object.entries(Object.groupBy(reasonsOf(items), (reason) => reason));
  const gaps = items.filter(({ kind }) => kind === 'gap');
  const seconds = (spans: readonly TimelineSpan[]) => Math.round(lengthOf(spans) / 1_000);
  const named = counts.map(([reason, all]) => `${reason} ${all?.length ?? 0}`).join(', ');
  console.log(`${camera}: ${seconds(items) - seconds(gaps)} s recorded, ${seconds(gaps)} s in gaps (${named})`);
}

/** Nothing of the time is without a word, and no word is an excuse. */
async function expectNamed(house: RecordingHouse, camera: string, from: Date): Promise<string[]> {
  const asked = Date.now() - from.getTime();
  const items = await timelineOf(house.recorder, camera, from);
  tell(camera, items);
  const seams = items.slice(1).map((item, index) => Math.abs(item.from.getTime() - (items[index]?.to.getTime() ?? 0)));
  expect(Math.max(0, ...seams)).toBeLessThan(260);
  expect(Math.abs(lengthOf(items) - asked)).toBeLessThan(5_000);
  const reasons = reasonsOf(items);
  expect(reasons.filter((reason) => reason === 'unknown' || reason === 'deleted')).toEqual([]);
  return reasons;
}

/** An hour, or RECORDER_MINUTES, of a steady camera of each codec, one that comes and goes, and one whose clock jumps. */
test(`in ${minutes} minutes of recording no gap is without its reason`, async () => {
  const clip = await makeClip({ size: '640x360', seconds: 10 });
  const hevc = await makeClip({ codec: 'h265', size: '640x360', slices: 1, seconds: 10 });
  const from = new Date();
  await using steady = await openRecordingHouse({ clips: { steady: clip, hevc } });
  await using flapping = await openRecordingHouse({ clips: { flapping: clip } });
  await using jumping = await openRecordingHouse({ clips: { jumping: clip } });
  const until = performance.now() + minutes * 60_000;
  for (let turn = 0; performance.now() < until; turn += 1) {
    await wait(Math.min(20_000, Math.max(0, until - performance.now())));
    await flap(flapping.server, turn);
    jump(jumping.server, turn);
  }
  await flapping.server.restore();
  for (const camera of ['steady', 'hevc']) expect(await expectNamed(steady, camera, from)).toEqual(['not_recorded']);
  expect(await expectNamed(flapping, 'flapping', from)).toContain('offline');
  await expectNamed(jumping, 'jumping', from);
}, 4_000_000);
