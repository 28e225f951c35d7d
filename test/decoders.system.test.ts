import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Caller } from './helpers/caller.ts';
import { runCommand } from './helpers/program.ts';
import { openSmallSite, type RunningServer, type SmallSite } from './helpers/small-site.ts';

const within = { timeout: 30_000, interval: 100 };
const plant = `
  - id: plant1
    kind: sensor
    password: my-own-phone-27
    position: { lat: 27.3, lon: 105.29 }
decoders:
  - id: plant-env
    topic: plant/{device}/env
    type: reading
    values:
      visibility: { pointer: /vis, unit: km }
`;

/** What an editor does with `tianliang.yaml`. */
async function edit({ config }: SmallSite, change: (text: string) => string): Promise<void> {
  const file = join(config, 'tianliang.yaml');
  await writeFile(file, change(await readFile(file, 'utf8')));
}

async function statusOf(caller: Caller, id: string): Promise<number> {
  return (await caller.fetch(`/api/v1/devices/${id}`)).status;
}

interface Samples {
  readonly unknown: readonly { readonly topic: string }[];
}

const publish = (server: RunningServer, payload: string) =>
  server.pub('plant1', { topic: 'plant/plant1/env', payload });

test('a device nobody knew speaks in its own words as soon as tianliang.yaml maps it, without a restart', async () => {
  await using site = await openSmallSite();
  await using server = await site.start();
  const caller = await server.admin();
  const value = async (id: string, name: string) =>
    (await caller.get<{ values?: Record<string, number> }>(`/devices/${id}`)).values?.[name];
  await using old = await server.device('ws06');
  await old.reading({ visibility: 900 });
  await old.client.publishAsync('plant/plant1/env', '{"vis":0.5}', { qos: 1 });
  await expect.poll(() => value('ws06', 'visibility'), within).toBe(900);
  const unknown = async () => (await caller.get<Samples>('/ingest/samples')).unknown.map(({ topic }) => topic);
  expect(await unknown()).toEqual(['plant/plant1/env']);
  await expect(server.device('plant1')).rejects.toThrow(/refused/i);

  await edit(site, (text) => `${text.trimEnd()}${plant}`);
  await expect.poll(() => statusOf(caller, 'plant1'), within).toBe(200);
  await publish(server, '{"vis":0.18}');
  await expect.poll(() => value('plant1', 'visibility'), within).toBe(180);
  expect(await unknown()).toEqual([]);
  expect([await value('ws06', 'visibility'), old.client.connected]).toEqual([900, true]);

  await edit(site, (text) => text.replace('unit: km', 'unit: furlong'));
  const refusal = await server.program.said(/config refused/, 30_000);
  expect(refusal.input).toMatch(
    /tianliang\.yaml:\d+:\d+ decoders\[0\]\.values\.visibility\.unit expected one of: m, km/,
  );
  await publish(server, '{"vis":0.2}');
  await expect.poll(() => value('plant1', 'visibility'), within).toBe(200);

  await using leaving = await server.device('plant1');
  await edit(site, (text) => text.slice(0, text.indexOf('  - id: plant1')));
  await expect.poll(() => statusOf(caller, 'plant1'), within).toBe(404);
  await expect.poll(() => leaving.client.connected, within).toBe(false);
  expect(old.client.connected).toBe(true);
  const { items } = await caller.get<{ items: { action: string }[] }>('/ledger?action=devices.apply');
  expect(items).toHaveLength(2);
});

test('decode shows what becomes of a message, and says no with exit code 1', async () => {
  await using site = await openSmallSite();
  await edit(site, (text) => `${text.trimEnd()}${plant}`);
  const payload = join(site.data, 'payload.json');
  const decode = async (text: string, ...more: string[]) => {
    await writeFile(payload, text);
    const words = ['decode', '--config', site.config, '--topic', 'plant/plant1/env', '--payload', payload, ...more];
    return await runCommand(words);
  };
  const taken = await decode('{"vis":0.18}');
  expect([taken.code, taken.lines]).toEqual([
    0,
    [
      'decoder  plant-env (plant/+/env)',
      'device   plant1',
      expect.stringContaining('"visibility":180'),
      'point    visibility 180 m',
    ],
  ]);
  const refused = await decode('{"vis":"far"}', '--device', 'ws06');
  expect([refused.code, refused.lines.slice(1)]).toEqual([
    1,
    ['device   ws06', 'refused  wrong-payload', 'at       "/vis" expected a number'],
  ]);
  expect((await runCommand(['decode', '--config', site.config])).output).toMatch(/decode expects --topic/);
});
