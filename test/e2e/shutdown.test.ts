import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Caller } from '../helpers/caller.ts';
import { openSeat } from '../helpers/live-seat.ts';
import { descendantsOf, isRunning } from '../helpers/processes.ts';
import { openSmallSite } from '../helpers/small-site.ts';

/** Resolves with the first piece of the stream; `closed` with the code the server ends it with. */
async function watch({ url, headers }: Caller, camera: string) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/streams/${camera}.flv`, { headers });
  const closed = once(socket, 'close').then(([code]) => Number(code));
  const [first] = await once(socket, 'message', { signal: AbortSignal.timeout(30_000) });
  return { first: Buffer.from(first as Buffer), closed };
}

test('told to end while people watch, it says goodbye, ends with 0 and leaves nothing behind', async () => {
  await using site = await openSmallSite();
  await using server = await site.start();
  const { program } = server;
  const admin = await server.admin();
  await using live = await openSeat(admin);
  const viewer = await watch(admin, 'k1432-120');
  expect(viewer.first.toString('latin1', 0, 3)).toBe('FLV');
  const decoders = () => descendantsOf(program.pid).filter(({ name }) => name === 'ffmpeg');
  await expect.poll(decoders, { timeout: 45_000, interval: 100 }).not.toEqual([]);
  const children = descendantsOf(program.pid);

  const toldAt = performance.now();
  program.kill('SIGTERM');
  expect(await live.closed).toBe(1001);
  expect(await viewer.closed).toBe(1001);
  expect(await program.ended).toBe(0);
  expect(performance.now() - toldAt).toBeLessThan(10_000);
  expect(children.filter(isRunning)).toEqual([]);
}, 240_000);
