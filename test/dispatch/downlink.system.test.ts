import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Command } from '../../src/dispatch/downlink/courier.ts';
import type { UnitMessage } from '../../src/dispatch/downlink/unit-message.ts';
import type { Unit } from '../../src/dispatch/unit.ts';
import type { Caller } from '../helpers/caller.ts';
import { openSmallSite, type RunningServer } from '../helpers/small-site.ts';

const units = 'units:\n  - { id: xun7, name: 巡7, kind: patrol, area: west }\n';
const [west, south, size] = [105.29, 27.3, 0.02];
const area = {
  type: 'Feature',
  properties: { id: 'west', name: '西段辖区', fence: true },
  geometry: {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [west + size, south],
        [west + size, south + size],
        [west, south + size],
        [west, south],
      ],
    ],
  },
};
const inside = { lat: south + size / 2, lon: west + size / 2 };

/** A site with one unit and one area, and no camera to look at. */
async function openPatrolSite() {
  const site = await openSmallSite();
  await writeFile(join(site.config, 'cameras.yaml'), 'cameras: []\n');
  await writeFile(join(site.config, 'units.yaml'), units);
  await writeFile(join(site.config, 'areas.geojson'), JSON.stringify({ type: 'FeatureCollection', features: [area] }));
  return site;
}

/** The terminal of 巡7, switched on: it only listens as yet. */
async function switchOn(server: RunningServer) {
  const device = await server.device('xun7');
  const commands: Command[] = [];
  device.client.on('message', (_, payload) => commands.push(JSON.parse(payload.toString())));
  await device.client.subscribeAsync('tianliang/commands/xun7', { qos: 1 });
  const say = async (topic: string, said: object) => {
    const payload = JSON.stringify({ at: new Date().toISOString(), ...said });
    await device.client.publishAsync(`tianliang/terminals/xun7/${topic}`, payload, { qos: 1 });
  };
  /** Resolves with all commands when there are so many. */
  const count = async (many: number): Promise<readonly Command[]> => {
    await expect.poll(() => commands.length, { timeout: 30_000 }).toBeGreaterThanOrEqual(many);
    return commands;
  };
  return { say, count, [Symbol.asyncDispose]: () => device[Symbol.asyncDispose]() };
}

const write = (caller: Caller, title: string) => caller.post<UnitMessage>('/units/xun7/messages', { title });
const read = async (caller: Caller) => (await caller.get<{ items: UnitMessage[] }>('/units/xun7/messages')).items;
const stateOf = async (caller: Caller, id: string) => (await read(caller)).find((message) => message.id === id)?.state;
const until = (caller: Caller, { id }: UnitMessage, state: UnitMessage['state']) =>
  expect.poll(() => stateOf(caller, id), { timeout: 30_000 }).toBe(state);

test('a message waits for a terminal that is away, through a restart, and is answered when it is back', async () => {
  await using site = await openPatrolSite();
  await using before = await site.start();
  const admin = await before.admin();
  const message = await write(admin, '前往 K1432+300');
  expect(message).toMatchObject({ state: 'queued', by: 'admin' });
  expect(await admin.get<Unit>('/units/xun7')).toMatchObject({ online: false, unread: 1 });
  await before.program.end();

  await using after = await site.start();
  const caller = await after.admin();
  expect(await stateOf(caller, message.id)).toBe('queued');
  await using terminal = await switchOn(after);
  await terminal.say('position', { ...inside, accuracy: 5 });
  const { id, title, at, expiresAt } = message;
  expect(await terminal.count(1)).toEqual([{ id, title, at, expiresAt }]);
  await until(caller, message, 'sent');
  await terminal.say('receipt', { assignment: id, state: 'read' });
  await terminal.say('receipt', { assignment: id, state: 'delivered' });
  await until(caller, message, 'read');
  await terminal.say('receipt', { assignment: id, state: 'accepted' });
  await until(caller, message, 'accepted');
  expect((await read(caller))[0]?.times.delivered).toBeDefined();
  const unit = await caller.get<Unit>('/units/xun7');
  expect(unit).toMatchObject({ online: true, fences: ['west'] });
  expect(unit).not.toHaveProperty('unread');
  expect(await caller.get('/units/xun7/fences')).toMatchObject({ items: [{ fence: 'west', kind: 'enter' }] });
  const track = await caller.get<{ items: object[] }>('/units/xun7/track');
  expect(track.items).toMatchObject([inside]);
});

test('after kill -9 every message that was answered is told, with its row in the ledger', async () => {
  await using site = await openPatrolSite();
  await using before = await site.start();
  const admin = await before.admin();
  const answered: UnitMessage[] = [];
  const writing = async () => {
    for (;;) {
      answered.push(await write(admin, `${answered.length}`));
      // The next ones are on their way when it dies.
      if (answered.length === 20) before.program.kill('SIGKILL');
    }
  };
  const ends = await Promise.allSettled([writing(), writing(), writing()]);
  expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(answered.length).toBeGreaterThanOrEqual(20);
  await before.program.ended;

  await using after = await site.start();
  const caller = await after.admin();
  const kept = await read(caller);
  const ids = kept.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(answered.map(({ id }) => id)));
  await using terminal = await switchOn(after);
  // Any word makes a terminal present, even an answer to nothing.
  await terminal.say('receipt', { assignment: 'nothing', state: 'read' });
  const told = await terminal.count(ids.length);
  expect(told.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  const { items } = await caller.get<{ items: { object: string }[] }>('/ledger?action=unit.message&limit=100');
  expect(items.map(({ object }) => object).toSorted()).toEqual(ids.toSorted());
  expect(await caller.get<Unit>('/units/xun7')).toMatchObject({ online: true, status: 'free' });
});
