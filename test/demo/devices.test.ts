import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { expect, test } from 'vitest';
import { startTerminals } from '../../demo/simulators/terminals.ts';
import { startWeather } from '../../demo/simulators/weather.ts';

interface Heard {
  readonly client: string;
  readonly topic: string;
  readonly payload: Record<string, unknown>;
  readonly qos: number;
  readonly retain: boolean;
}

/** A broker that remembers what was published, and by whom. */
async function startListeningBroker(password: string) {
  const broker = await Aedes.createBroker({
    authenticate: (...[client, username, given, done]) =>
      done(null, username === client.id && given?.toString() === password),
  });
  const heard: Heard[] = [];
  const arrivals = new EventEmitter();
  broker.on('publish', ({ topic, payload, qos, retain }, client) => {
    if (!client) return;
    heard.push({ client: client.id, topic, payload: JSON.parse(payload.toString()), qos, retain });
    arrivals.emit('heard');
  });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    broker,
    heard,
    async until(condition: () => boolean) {
      const signal = AbortSignal.timeout(5_000);
      while (!condition()) await once(arrivals, 'heard', { signal });
    },
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
}

const roads = 'demo/config/roads.geojson';

test('twelve terminals tell where they are, eleven in our words and one in OwnTracks', async () => {
  await using broker = await startListeningBroker('device-password');
  await using terminals = await startTerminals({ url: broker.url, password: 'device-password', roads, everyMs: 50 });
  await terminals.connected(AbortSignal.timeout(5_000));
  await broker.until(() => new Set(broker.heard.map(({ client }) => client)).size === 12);
  await broker.until(() => broker.heard.filter(({ topic }) => topic.endsWith('/position')).length > 44);

  const position = broker.heard.find(({ topic }) => topic === 'tianliang/terminals/xun7/position');
  expect(position).toMatchObject({ qos: 1, payload: { accuracy: 4, battery: 83 } });
  expect(Number(position?.payload.lat)).toBeCloseTo(27.29, 1);
  const phone = broker.heard.find(({ topic }) => topic === 'owntracks/xun9/phone');
  expect(phone?.payload).toMatchObject({ _type: 'location', batt: 57, acc: 4 });
  expect(broker.heard.some(({ topic }) => topic.startsWith('tianliang/terminals/xun9/'))).toBe(false);
  const status = broker.heard.find(({ topic }) => topic === 'tianliang/terminals/lu6/status');
  expect(status).toMatchObject({ retain: true, payload: { online: true, battery: 72 } });
});

test('a red button is one message of quality 1 with the place', async () => {
  await using broker = await startListeningBroker('p');
  await using terminals = await startTerminals({ url: broker.url, password: 'p', roads });
  await terminals.connected(AbortSignal.timeout(5_000));
  await terminals.sos('xun3', '需要支援');
  const sos = broker.heard.filter(({ topic }) => topic === 'tianliang/terminals/xun3/sos');
  expect(sos).toHaveLength(1);
  expect(sos[0]).toMatchObject({ qos: 1, retain: false, payload: { text: '需要支援' } });
  await expect(terminals.sos('nobody')).rejects.toThrow('no terminal nobody');
});

test('a terminal that loses its connection leaves its will and comes back', async () => {
  await using broker = await startListeningBroker('p');
  const fleet = [
    {
      id: 'xun1',
      battery: 50,
      beat: { fromMeters: 1_421_000, toMeters: 1_422_000, startMeters: 1_421_500, carriageway: 'up', cruise: 0 },
    },
  ] as const;
  await using terminals = await startTerminals({ url: broker.url, password: 'p', roads, fleet });
  await terminals.connected(AbortSignal.timeout(5_000));
  const wills = () =>
    broker.heard.filter(({ topic, payload }) => topic.endsWith('/status') && payload.online === false);
  broker.cut();
  await expect.poll(() => terminals.online, { timeout: 5_000 }).toBe(0);
  await expect.poll(() => terminals.online, { timeout: 5_000 }).toBe(1);
  await terminals.close();
  expect(wills().length).toBeGreaterThan(0);
});

test('a command is delivered at once, then read, and accepted where it is an assignment', async () => {
  await using broker = await startListeningBroker('p');
  const manners = { readMs: 30, acceptMs: 80 };
  await using terminals = await startTerminals({ url: broker.url, password: 'p', roads, manners });
  await terminals.connected(AbortSignal.timeout(5_000));
  await broker.until(() => broker.heard.some(({ topic }) => topic === 'tianliang/terminals/lu8/status'));
  const command = (payload: string) =>
    ({
      cmd: 'publish',
      topic: 'tianliang/commands/lu8',
      payload: Buffer.from(payload),
      qos: 1,
      retain: false,
      dup: false,
    }) as const;
  const receipts = (name: string) =>
    broker.heard
      .filter(({ topic, payload }) => topic === 'tianliang/terminals/lu8/receipt' && payload.assignment === name)
      .map(({ payload }) => payload.state);
  broker.broker.publish(command('not JSON'), () => {});
  broker.broker.publish(command('{"id":"m1","title":"a word"}'), () => {});
  broker.broker.publish(command('{"id":"m2","assignment":"a1","title":"go"}'), () => {});
  await broker.until(() => receipts('a1').length === 3 && receipts('m1').length === 2);
  expect(receipts('m1')).toEqual(['delivered', 'read']);
  expect(receipts('a1')).toEqual(['delivered', 'read', 'accepted']);
});

test('fourteen stations report, and one can be held at a value', async () => {
  await using broker = await startListeningBroker('p');
  await using weather = startWeather({ url: broker.url, password: 'p', everyMs: 100 });
  await weather.connected(AbortSignal.timeout(5_000));
  await broker.until(() => new Set(broker.heard.map(({ topic }) => topic)).size === 14);
  expect(broker.heard[0]?.payload.values).toMatchObject({
    visibility: expect.any(Number),
    humidity: expect.any(Number),
  });
  weather.set('ws02', { visibility: 77 });
  const held = () =>
    broker.heard.filter(({ client, payload }) => client === 'ws02' && Object(payload.values).visibility === 77);
  await broker.until(() => held().length > 1);
  weather.release('ws02');
  expect(held()[0]?.topic).toBe('tianliang/sensors/ws02/reading');
});
