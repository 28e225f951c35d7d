import { expect, test } from 'vitest';
import type { Caller } from '../helpers/caller.ts';
import { openSmallSite } from '../helpers/small-site.ts';

const promisedMs = 15_000;

/** Resolves when the first picture is there: not a byte is sent before. */
async function firstPicture(caller: Caller): Promise<void> {
  const leaving = new AbortController();
  const signal = AbortSignal.any([leaving.signal, AbortSignal.timeout(2 * promisedMs)]);
  const answer = await fetch(`${caller.url}/streams/k1432-120.flv`, { headers: caller.headers, signal });
  const { value } = (await answer.body?.getReader().read()) ?? {};
  leaving.abort();
  expect(Buffer.from(value ?? []).toString('latin1', 0, 3)).toBe('FLV');
}

test('T18: after kill -9 and a start anew pictures are back within 15 s', async () => {
  await using site = await openSmallSite();
  const tookMs: number[] = [];
  let server = await site.start();
  for (let round = 0; round < 5; round += 1) {
    await firstPicture(await server.admin());
    const killedAt = performance.now();
    server.program.kill('SIGKILL');
    await server.program.ended;
    server = await site.start();
    await firstPicture(await server.admin());
    tookMs.push(performance.now() - killedAt);
  }
  await server[Symbol.asyncDispose]();
  console.log(`T18: ${tookMs.length} kills, pictures back after ${Math.max(...tookMs).toFixed(0)} ms at most`);
  expect(Math.max(...tookMs)).toBeLessThan(promisedMs);
});
