import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { type SimulatedRtspServer, startRtspServer } from '../demo/simulators/rtsp-server.ts';
import type { Caller } from './helpers/caller.ts';
import { root, runCommand } from './helpers/program.ts';
import { openSmallSite, sitePassword } from './helpers/small-site.ts';

/** A site whose cameras are on one simulated device, and what writes its `cameras.yaml`. */
async function openSite(...words: string[]) {
  await using opened = new AsyncDisposableStack();
  const site = opened.use(await openSmallSite());
  const streams = { '/main': { clip: join(root, 'demo/clips/traffic.mp4') } };
  const device = opened.use(await startRtspServer({ streams }));
  const write = async (...ids: string[]) => await writeFile(join(site.config, 'cameras.yaml'), camerasOf(device, ids));
  await write('a');
  const server = opened.use(await site.start(...words));
  const caller = await server.admin();
  const env = { TIANLIANG_USER: 'admin', TIANLIANG_PASSWORD: sitePassword };
  const command = (name: string) => runCommand(['cameras', name, '--config', site.config, '--url', server.url], env);
  const left = opened.move();
  return { site, device, write, server, caller, command, [Symbol.asyncDispose]: () => left.disposeAsync() };
}

function camerasOf(device: SimulatedRtspServer, ids: readonly string[]): string {
  return `cameras:\n${ids.map((id) => `  - { id: ${id}, source: "${device.urlOf('/main')}" }\n`).join('')}`;
}

/** Somebody who watches: the bytes that came so far, and whether the stream is over. */
async function watch(caller: Caller, camera: string) {
  const { ticket } = await caller.post<{ ticket: string }>(`/cameras/${camera}/ticket`);
  const leaving = new AbortController();
  const answer = await fetch(`${caller.url}/streams/${camera}.flv?ticket=${ticket}`, { signal: leaving.signal });
  const seen = { bytes: 0, over: false };
  const reading = (async () => {
    for await (const chunk of answer.body ?? []) seen.bytes += chunk.length;
  })();
  const done = reading
    .catch(() => undefined)
    .then(() => {
      seen.over = true;
    });
  const dispose = async () => {
    leaving.abort();
    await done;
  };
  return { seen, [Symbol.asyncDispose]: dispose };
}

/** A wall that is told of cameras: by id, what it was told last. */
async function openWall({ url, headers }: Caller) {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/ws`, { headers });
  const told = new Map<string, { readonly removed?: true }>();
  socket.on('message', (data) => {
    const message = JSON.parse(String(data));
    for (const item of message.items ?? (message.topic === 'cameras' ? message.data : [])) told.set(item.id, item);
  });
  await once(socket, 'open', { signal: AbortSignal.timeout(30_000) });
  socket.send(JSON.stringify({ type: 'subscribe', topics: ['cameras'] }));
  await expect.poll(() => told.has('a'), { timeout: 30_000 }).toBe(true);
  const dispose = async () => {
    const closed = once(socket, 'close');
    socket.terminate();
    await closed;
  };
  return { told, [Symbol.asyncDispose]: dispose };
}

const within = { timeout: 30_000, interval: 100 };

test('a camera added to cameras.yaml is there without a restart; who watches another loses nothing', async () => {
  await using home = await openSite();
  const { caller, device, write, server } = home;
  const status = async (id: string) => (await caller.fetch(`/api/v1/cameras/${id}`)).status;
  const configHealth = async () => {
    const { parts } = (await (await caller.fetch('/readyz')).json()) as { parts: Record<string, string> };
    return parts.config;
  };
  await using viewer = await watch(caller, 'a');
  await using wall = await openWall(caller);
  await expect.poll(() => viewer.seen.bytes, within).toBeGreaterThan(0);
  await write('a', 'b');
  await expect.poll(() => status('b'), within).toBe(200);
  await expect.poll(() => wall.told.has('b'), within).toBe(true);

  await writeFile(join(home.site.config, 'cameras.yaml'), 'cameras:\n  - { id: a, sauce: rtsp://x/ }\n');
  await expect.poll(configHealth, within).toBe('refused');
  const refusal = await server.program.said(/config refused/, 30_000);
  expect(refusal.input).toMatch(/cameras\.yaml:2:14 cameras\[0\]\.sauce unknown key/);
  expect([await status('a'), await status('b')]).toEqual([200, 200]);

  await write('a');
  await expect.poll(() => status('b'), within).toBe(404);
  expect(await configHealth()).toBe('ok');
  await expect.poll(() => wall.told.get('b')?.removed, within).toBe(true);
  const { bytes } = viewer.seen;
  await expect.poll(() => viewer.seen.bytes, within).toBeGreaterThan(bytes);
  expect([viewer.seen.over, device.dials]).toEqual([false, 1]);
  const { items } = await caller.get<{ items: { action: string; actor: string }[] }>('/ledger?action=cameras.apply');
  expect(items.map(({ actor }) => actor)).toEqual(['system', 'system']);
});

test('with --watch no an engineer sees the plan first, and applies it', async () => {
  await using home = await openSite('--watch', 'no');
  expect((await home.command('plan')).code).toBe(0);
  await home.write('b', 'c');
  const plan = await home.command('plan');
  const lines = ['+ b', '+ c', '- a', '2 added, 1 removed, 0 changed'];
  expect([plan.code, plan.lines]).toEqual([2, lines]);
  expect((await home.caller.fetch('/api/v1/cameras/b')).status).toBe(404);
  const applied = await home.command('apply');
  expect([applied.code, applied.lines]).toEqual([0, lines]);
  expect((await home.caller.fetch('/api/v1/cameras/b')).status).toBe(200);
  expect((await home.command('plan')).code).toBe(0);

  await home.server.program.end();
  const checked = await home.command('plan');
  expect([checked.code, checked.output]).toEqual([0, expect.stringContaining('nothing to compare')]);
  const refused = await home.command('apply');
  expect([refused.code, refused.output]).toEqual([1, expect.stringContaining('no command center answers')]);
});
