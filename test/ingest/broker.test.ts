import type { IClientOptions } from 'mqtt';
import { generate } from 'mqtt-packet';
import { describe, expect, test } from 'vitest';
import { closed, devices, openSocket, startBroker } from './broker-rig.ts';
import { connectDevice, now, until } from './rig.ts';

describe('who may connect (T26)', () => {
  const will = (topic: string) => ({ will: { topic, payload: Buffer.from('x'), qos: 1 as const, retain: true } });

  test.each<[string, IClientOptions, string]>([
    ['nobody', { clientId: 'xun7', username: '', password: '' }, 'bad-credentials'],
    ['an unknown name', { username: 'nobody', password: 'x' }, 'bad-credentials'],
    ['a wrong password', { password: 'wrong' }, 'bad-credentials'],
    ["another device's password", { password: 'xun1-secret' }, 'bad-credentials'],
    ["another device's client id", { clientId: 'xun1' }, 'client-id'],
    ["another device's session", { clientId: 'xun1:phone' }, 'client-id'],
    ['a client id of its own choice', { clientId: 'mqttjs_1' }, 'client-id'],
    ['+ in the client id', { clientId: 'xun7-+' }, 'invalid-text'],
    ['# in the user name', { username: '#' }, 'invalid-text'],
    ['/ in the client id', { clientId: 'xun7:a/b' }, 'invalid-text'],
    ['a control character in the client id', { clientId: 'xun7-\u0007' }, 'invalid-text'],
    ['U+FFFD in the user name', { username: 'xun7\ufffd' }, 'invalid-text'],
    ["a will on another's topic", will('tianliang/terminals/xun1/status'), 'foreign-will'],
    ['a will on a command topic', will('tianliang/commands/xun7'), 'foreign-will'],
    ['a will on $SYS', will('$SYS/x'), 'foreign-will'],
  ])('%s is refused', async (_, ...[options, reason]) => {
    await using rig = await startBroker();
    await expect(connectDevice(rig.url, 'xun7', options)).rejects.toThrow(/refused/i);
    expect(rig.counters.refused).toEqual({ [reason]: 1 });
    expect(rig.taken).toEqual([]);
  });

  test("a stranger's client id does not end the session of the one who holds it", async () => {
    await using rig = await startBroker();
    await using holder = await connectDevice(rig.url, 'xun1');
    await expect(connectDevice(rig.url, 'xun7', { clientId: 'xun1' })).rejects.toThrow(/refused/i);
    await holder.publish('tianliang/terminals/xun1/sos', {});
    expect(holder.client.connected).toBe(true);
  });

  test('its own client id and one that begins with it are welcome', async () => {
    await using rig = await startBroker();
    await using _one = await connectDevice(rig.url, 'xun7');
    await using _two = await connectDevice(rig.url, 'xun7', { clientId: 'xun7:phone' });
    expect(rig.broker.connected).toBe(2);
  });

  test('a device struck off the list is cut off at once and stays out', async () => {
    await using rig = await startBroker();
    await using device = await connectDevice(rig.url, 'xun7');
    rig.broker.replaceDevices(devices.filter(({ id }) => id !== 'xun7'));
    await until('cut off', () => !device.client.connected);
    await expect(connectDevice(rig.url, 'xun7')).rejects.toThrow(/refused/i);
  });
});

describe('who may hear what (T26)', () => {
  test.each([
    '#',
    '+/#',
    '$SYS/#',
    '$share/g/tianliang/#',
    'tianliang/commands/+',
    'tianliang/commands/xun1',
    'tianliang/dead-letters',
    'tianliang/terminals/+/position',
  ])('subscribing %s answers 128 and delivers nothing', async (filter) => {
    await using rig = await startBroker();
    await using spy = await connectDevice(rig.url, 'xun7');
    await using other = await connectDevice(rig.url, 'xun1');
    const heard: string[] = [];
    spy.client.on('message', (topic) => heard.push(topic));
    const outcome = await spy.client.subscribeAsync(filter, { qos: 1 }).catch((error: Error) => error.message);
    expect(outcome).toMatch(/unspecified error/i);
    await other.publish('tianliang/terminals/xun1/position', { at: now(), lat: 27.3, lon: 105.3 });
    await rig.broker.publish('tianliang/commands/xun1', '{}', { qos: 1, retain: true });
    await other.publish('tianliang/commands/xun7', 'forged');
    expect(heard).toEqual([]);
    expect(spy.client.connected).toBe(true);
  });

  test('a command reaches its device and no other', async () => {
    await using rig = await startBroker();
    await using xun7 = await connectDevice(rig.url, 'xun7');
    await using xun1 = await connectDevice(rig.url, 'xun1');
    const heard: string[] = [];
    xun1.client.on('message', (topic) => heard.push(topic));
    await xun7.client.subscribeAsync('tianliang/commands/xun7', { qos: 1 });
    await xun1.client.subscribeAsync('tianliang/commands/xun1', { qos: 1 });
    const received = Promise.withResolvers<[string, string]>();
    xun7.client.on('message', (topic, payload) => received.resolve([topic, String(payload)]));
    await rig.broker.publish('tianliang/commands/xun7', '{"assignment":"a-1"}', { qos: 1, retain: false });
    expect(await received.promise).toEqual(['tianliang/commands/xun7', '{"assignment":"a-1"}']);
    expect(heard).toEqual([]);
  });

  test('a command waits for a device that is away with a session', async () => {
    await using rig = await startBroker();
    const first = await connectDevice(rig.url, 'xun7', { clean: false });
    await first.client.subscribeAsync('tianliang/commands/xun7', { qos: 1 });
    await first.client.endAsync();
    await rig.broker.publish('tianliang/commands/xun7', 'later', { qos: 1, retain: false });
    const received = Promise.withResolvers<string>();
    await using second = await connectDevice(rig.url, 'xun7', { clean: false, manualConnect: false });
    second.client.on('message', (_, payload) => received.resolve(String(payload)));
    expect(await received.promise).toBe('later');
  });
});

describe('who may say what', () => {
  test.each([
    ["another's position", 'tianliang/terminals/xun1/position', 'foreign-topic'],
    ['a command', 'tianliang/commands/xun7', 'foreign-topic'],
    ["another's phone", 'owntracks/xun1/xun7', 'foreign-topic'],
    ['a topic nobody knows', 'tianliang/terminals/xun7/mood', 'unknown-topic'],
    ['a wrong payload', 'tianliang/terminals/xun7/position', 'not-json'],
  ])(
    '%s is acknowledged, counted, and goes nowhere: the client does not send it for ever',
    async (_, topic, reason) => {
      await using rig = await startBroker();
      await using device = await connectDevice(rig.url, 'xun7', { reconnectPeriod: 50 });
      await using victim = await connectDevice(rig.url, 'xun1');
      await victim.client.subscribeAsync('tianliang/terminals/xun1/#', { qos: 1 });
      const heard: string[] = [];
      victim.client.on('message', (name) => heard.push(name));
      for (const retain of [false, true]) await device.publish(topic, 'x', { retain });
      expect(rig.counters.refused).toEqual({ [reason]: 2 });
      await device.publish('tianliang/terminals/xun7/sos', {});
      expect(device.client.connected).toBe(true);
      expect(rig.taken).toHaveLength(3);
      expect(heard).toEqual([]);
    },
  );

  test('wrong payloads are kept, the last five of a pattern, safe to print', async () => {
    await using rig = await startBroker();
    await using device = await connectDevice(rig.url, 'xun7');
    for (let n = 0; n < 8; n += 1) await device.publish('tianliang/terminals/xun7/position', `bad\u0007${n}`);
    const samples = rig.counters.samples['tianliang/terminals/+/position'];
    expect(samples?.map(({ payload }) => payload)).toEqual(['bad·3', 'bad·4', 'bad·5', 'bad·6', 'bad·7']);
  });

  test('the last will of a device that vanishes is taken like any publish', async () => {
    await using rig = await startBroker();
    const will = {
      topic: 'tianliang/terminals/xun7/status',
      payload: Buffer.from('{"online":false}'),
      qos: 1 as const,
    };
    await using device = await connectDevice(rig.url, 'xun7', { will: { ...will, retain: true } });
    device.client.stream.destroy();
    await until('the will', () => rig.taken.length === 1);
    expect(rig.taken[0]).toMatchObject({ topic: will.topic, sender: 'xun7', retain: true });
    expect(rig.counters.accepted).toEqual({ status: 1 });
  });
});

test('a publish is acknowledged only once it is on disk', async () => {
  const disk = Promise.withResolvers<'accepted'>();
  await using rig = await startBroker({ accept: () => disk.promise });
  await using device = await connectDevice(rig.url, 'xun7');
  let acknowledged = false;
  const publishing = device.publish('tianliang/terminals/xun7/sos', {}).then(() => {
    acknowledged = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(acknowledged).toBe(false);
  disk.resolve('accepted');
  await publishing;
});

test('with a disk that refuses, nothing is acknowledged', async () => {
  await using rig = await startBroker({ accept: () => Promise.reject(new Error('disk full')) });
  await using device = await connectDevice(rig.url, 'xun7');
  let acknowledged = false;
  device.publish('tianliang/terminals/xun7/sos', {}).then(
    () => {
      acknowledged = true;
    },
    () => {},
  );
  await until('cut off', () => !device.client.connected);
  expect(acknowledged).toBe(false);
});

describe('what strangers send (T25)', () => {
  test.each([
    ['256 MB declared as CONNECT', Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f, 0, 4]), 'frame-too-large'],
    ['4 097 bytes declared', Buffer.from([0x10, 0x81, 0x20]), 'frame-too-large'],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'no-connect'],
    ['PUBLISH first', Buffer.from([0x30, 3, 0, 1, 0x61]), 'no-connect'],
    ['a length without end', Buffer.from([0x10, 0xff, 0x80, 0x80, 0x80, 0x80]), 'malformed-frame'],
  ])('%s is cut off', async (_, ...[bytes, reason]) => {
    await using rig = await startBroker();
    await using socket = await openSocket(rig.port);
    socket.write(bytes);
    await closed(socket);
    expect(rig.counters.refused).toEqual({ [reason]: 1 });
  });

  test.each([
    ['silent', Buffer.alloc(0)],
    ['dripping', Buffer.from([0x10, 0x20, 0])],
  ])('a %s socket is cut off at its deadline', async (_, bytes) => {
    await using rig = await startBroker({ limits: { connectMs: 200 } });
    await using socket = await openSocket(rig.port);
    socket.write(bytes);
    await closed(socket);
    expect(rig.counters.refused).toEqual({ 'connect-timeout': 1 });
  });

  test('an address has its share of strangers, and the devices on it stay', async () => {
    await using rig = await startBroker({ limits: { strangersPerAddress: 20 } });
    await using device = await connectDevice(rig.url, 'xun7');
    const sockets = await Promise.all(Array.from({ length: 30 }, () => openSocket(rig.port)));
    await until('ten refused', () => rig.counters.refused['too-many-sockets'] === 10);
    await device.publish('tianliang/terminals/xun7/sos', {});
    for (const socket of sockets) socket.destroy();
    await until('room again', async () =>
      connectDevice(rig.url, 'xun1').then(
        (one) => one.client.endAsync().then(() => true),
        () => false,
      ),
    );
  });

  test('a thousand giants cost nothing, and the broker goes on', async () => {
    await using rig = await startBroker();
    const before = process.memoryUsage().rss;
    const giant = Buffer.concat([Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]), Buffer.alloc(60_000)]);
    for (let round = 0; round < 10; round += 1) {
      const sockets = await Promise.all(Array.from({ length: 100 }, () => openSocket(rig.port)));
      for (const socket of sockets) socket.write(giant);
      await Promise.all(sockets.map(closed));
    }
    expect(rig.counters.refused).toEqual({ 'frame-too-large': 1_000 });
    await using device = await connectDevice(rig.url, 'xun7');
    await device.publish('tianliang/terminals/xun7/sos', {});
    expect((process.memoryUsage().rss - before) / 2 ** 20).toBeLessThan(100);
  });

  test('what comes behind a CONNECT waits unread for the password, and is then taken', async () => {
    await using rig = await startBroker();
    await using socket = await openSocket(rig.port);
    const login = { clientId: 'xun7', username: 'xun7', clean: true, protocolId: 'MQTT', protocolVersion: 4 } as const;
    const topic = 'tianliang/terminals/xun7/sos';
    const publish = generate({ cmd: 'publish', topic, payload: '{}', qos: 1, messageId: 7, dup: false, retain: false });
    socket.write(
      Buffer.concat([generate({ cmd: 'connect', ...login, password: Buffer.from('xun7-secret') }), publish]),
    );
    const answer: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => answer.push(chunk));
    await until('CONNACK and PUBACK', () => Buffer.concat(answer).length === 8);
    expect([...Buffer.concat(answer)]).toEqual([0x20, 2, 0, 0, 0x40, 2, 0, 7]);
    expect(rig.counters.accepted).toEqual({ sos: 1 });
  });

  test('a device may say much, but not more than 256 KiB at once', async () => {
    await using rig = await startBroker();
    await using device = await connectDevice(rig.url, 'xun7');
    const large = { at: now(), lat: 27.3, lon: 105.3, note: 'x'.repeat(50_000) };
    await device.publish('tianliang/terminals/xun7/position', large);
    expect(rig.counters.accepted).toEqual({ position: 1 });
    device.publish('tianliang/terminals/xun7/position', 'x'.repeat(300_000)).catch(() => {});
    await until('cut off', () => !device.client.connected);
    expect(rig.counters.refused).toEqual({ 'frame-too-large': 1 });
  });
});
