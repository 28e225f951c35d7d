import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type Caller, logIn } from '../helpers/caller.ts';
import { openSmallSite, type RunningServer, sitePassword } from '../helpers/small-site.ts';

const camera = 'k1432-120';
const rounds = 20;

/** Pictures over HTTP and the wall's socket; resolves to when each was cut. */
async function watch({ url }: RunningServer, caller: Caller): Promise<Promise<number>[]> {
  const { ticket } = await caller.post<{ ticket: string }>(`/cameras/${camera}/ticket`);
  const flv = await fetch(`${url}/streams/${camera}.flv?ticket=${ticket}`);
  const reader = flv.body?.getReader();
  const pictures = (async () => {
    for (let done = false; !done; ) done = (await reader?.read().catch(() => ({ done: true })))?.done ?? true;
    return performance.now();
  })();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws`, { headers: caller.headers });
  socket.on('error', () => {});
  const closed = new Promise<number>((resolve) => socket.once('close', () => resolve(performance.now())));
  await new Promise((resolve) => socket.once('message', resolve));
  return [pictures, closed];
}

test('twenty accounts disabled or cut while they watch: all is closed within 5 s', async () => {
  await using site = await openSmallSite();
  await using server = await site.start();
  const admin = await server.admin();
  const waits: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const account = { name: `seat${n}`, role: 'seat', areas: 'all', password: sitePassword };
    const { id } = await admin.post<{ id: string }>('/accounts', account);
    const caller = await logIn(server.url, account.name, sitePassword);
    const cuts = await watch(server, caller);
    const since = performance.now();
    if (n % 2 === 0) await admin.post(`/accounts/${id}/disable`);
    else await admin.send('PATCH', `/api/v1/accounts/${id}`, { role: 'viewer' });
    waits.push(...(await Promise.all(cuts)).map((at) => at - since));
  }
  const sorted = waits.toSorted((a, b) => a - b);
  console.log(`${waits.length} cut: median ${sorted[rounds]?.toFixed(0)} ms, worst ${sorted.at(-1)?.toFixed(0)} ms`);
  expect(sorted.at(-1)).toBeLessThan(5_000);
}, 600_000);
