import { once } from 'node:events';
import { appendFile, cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { AlertDesk } from '../../../src/alerts/desk.ts';
import { Channels } from '../../../src/dispatch/channels/channels.ts';
import { spawnChild } from '../../../src/shared/child.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { openStore } from '../../../src/store/store.ts';
import { root } from '../../helpers/program.ts';
import { openSmallSite } from '../../helpers/small-site.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { secret, startReceiver, webhookTo } from './receiver.ts';

interface Raised {
  readonly id: string;
  readonly version: number;
}

/** Runs it in a process of its own and kills that after so many alerts, in the middle of whatever it does. */
async function raisedUntilKilled(path: string, url: string, round: number): Promise<Raised[]> {
  const script = join(import.meta.dirname, 'told-child.ts');
  const child = spawnChild(execPath, [script, path, url, `${round}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const raised: Raised[] = [];
  const enough = 10 + Math.floor(Math.random() * 30);
  for await (const line of createInterface({ input: child.stdout ?? expect.fail() })) {
    raised.push(JSON.parse(line));
    if (raised.length === enough) child.kill('SIGKILL');
  }
  await exited;
  return raised;
}

test('after kill -9 a receiver has heard of every alert as it stands, and of no more than one thing twice a kill', async () => {
  await using dir = await tempDir();
  await using receiver = await startReceiver();
  const path = join(dir.path, 'operations.sqlite');
  const rounds = 4;
  const raised: Raised[] = [];
  for (let round = 0; round < rounds; round += 1) raised.push(...(await raisedUntilKilled(path, receiver.url, round)));

  await using store = await openStore(path);
  await using _desk = new AlertDesk({ store, log: silentLog });
  await using channels = new Channels({ config: [webhookTo(receiver.url)], store, dataDir: dir.path, log: silentLog });
  await channels.start();
  await expect.poll(() => channels.waiting(), { timeout: 60_000 }).toEqual({ ops: 0 });
  const told = receiver.taken().map(({ body }) => `${body.data.id} ${body.data.version}`);
  expect(raised.length).toBeGreaterThanOrEqual(10 * rounds);
  expect(raised.map(({ id, version }) => `${id} ${version}`).filter((one) => !told.includes(one))).toEqual([]);
  expect(told.length - new Set(told).size).toBeLessThanOrEqual(rounds);
});

test('a call for help reaches the webhook, stands in the feeds, and its incident has a plan of the files as they are', async () => {
  await using receiver = await startReceiver();
  await using site = await openSmallSite();
  const channel = `channels:
  - { id: ops, kind: webhook, url: '${receiver.url}', secret: ${secret}, severity: critical, allow: [127.0.0.0/8] }
`;
  await appendFile(join(site.config, 'tianliang.yaml'), channel);
  await cp(join(root, 'config/plans'), join(site.config, 'plans'), { recursive: true });
  await using server = await site.start();
  const admin = await server.admin();
  await using device = await server.device('xun7');
  await device.sos('救命', { lat: 27.3, lon: 105.29 });
  await receiver.until(({ length }) => length > 0, 60_000);
  const [notice] = receiver.received;
  expect(notice).toMatchObject({ isSigned: true, body: { type: 'alert.changed', data: { kind: 'sos' } } });
  // It has opened its incident by itself.
  const incidents = async () => (await admin.get<{ items: { id: string; alerts: string[] }[] }>('/incidents')).items;
  await expect.poll(async () => (await incidents())[0]?.alerts, { timeout: 60_000 }).toEqual([notice?.body.data.id]);
  const [opened = expect.fail('no incident')] = await incidents();
  expect(await admin.get(`/incidents/${opened.id}/plan`)).toMatchObject({
    id: 'sos',
    steps: [{ id: 'look', state: 'done', cameras: ['k1432-120'] }, { id: 'call' }, { id: 'help' }, {}, {}],
  });
  await admin.post(`/incidents/${opened.id}/plan/steps/call/done`, { note: '已通话' });
  const tree = 'id: tree\nname: 倒树\nmatch: { kinds: [tree] }\nsteps: [{ id: saw, do: manual, text: 锯 }]\n';
  await writeFile(join(site.config, 'plans/tree.yaml'), tree);
  const applied = async () => (await admin.get<{ items: unknown[] }>('/ledger?action=plans.apply')).items.length;
  await expect.poll(applied, { timeout: 60_000 }).toBe(1);
  const fallen = await admin.post<{ plan?: unknown }>('/incidents', {
    ...{ source: 'grid', kind: 'tree', title: '倒树', position: { lat: 27.3, lon: 105.29 } },
  });
  expect(fallen.plan).toMatchObject({ id: 'tree' });
  const ready = await (await admin.fetch('/readyz')).json();
  expect(ready).toMatchObject({ parts: { 'channel ops': 'ok' } });
  const metrics = await (await admin.fetch('/metrics')).text();
  expect(metrics).toMatch(/^tianliang_channels\{of="told"\} [1-9]/m);
  const feed = await (await admin.fetch('/api/v1/feeds/alerts.cap.xml')).text();
  expect(feed).toContain(`alerts/${notice?.body.data.id}.cap.xml`);
  expect((await admin.fetch('/api/v1/feeds/incidents.geojson')).headers.get('etag')).toMatch(/^"/);
  expect((await admin.fetch('/api/v1/push/key')).status).toBe(404);
});
