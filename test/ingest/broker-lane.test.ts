import fc from 'fast-check';
import { generate, type IPublishPacket, type Packet } from 'mqtt-packet';
import { expect, test } from 'vitest';
import { closed, loginBare, startBroker } from './broker-rig.ts';
import { now, until } from './rig.ts';

/* Most messages go past the broker library, some through it: nobody outside may notice which. */

const topic = 'tianliang/terminals/xun7/position';
const publish = (n: number, over: Partial<IPublishPacket> = {}): Packet => ({
  cmd: 'publish',
  topic,
  payload: JSON.stringify({ at: now(), lat: 27.3, lon: 105.3, speed: n % 100 }),
  qos: 1,
  messageId: n,
  dup: false,
  retain: false,
  ...over,
});
const speedOf = (payload: Uint8Array) => JSON.parse(Buffer.from(payload).toString()).speed;

test('however a stream of all kinds of messages is cut, each is taken once, in order, and acknowledged in order', async () => {
  await using rig = await startBroker({ rates: { messagesPerSecond: 100_000, bytesPerSecond: 1e9 } });
  const kinds = fc.array(fc.constantFrom('plain', 'plain', 'plain', 'retained', 'qos0', 'ping'), {
    minLength: 1,
    maxLength: 60,
  });
  await fc.assert(
    fc.asyncProperty(kinds, fc.integer({ min: 1, max: 400 }), async (stream, step) => {
      await using device = await loginBare(rig.port, 'xun7');
      const packets = stream.map((kind, index): Packet => {
        if (kind === 'ping') return { cmd: 'pingreq' };
        return publish(index + 1, { retain: kind === 'retained', qos: kind === 'qos0' ? 0 : 1 });
      });
      rig.taken.length = 0;
      const bytes = Buffer.concat(packets.map((packet) => generate(packet)));
      for (let at = 0; at < bytes.length; at += step) {
        device.socket.write(bytes.subarray(at, at + step));
        if (at % 7 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      const at = (wanted: readonly string[]) =>
        stream.flatMap((kind, index) => (wanted.includes(kind) ? [index + 1] : []));
      const acked = at(['plain', 'retained']);
      const pings = stream.filter((kind) => kind === 'ping').length;
      await until('all answered', () => device.heard.length === acked.length + pings);
      const acks = device.heard.filter(({ cmd }) => cmd === 'puback').map(({ messageId }) => messageId);
      expect(acks).toEqual(acked);
      const said = at(['plain', 'retained', 'qos0']);
      await until('all taken', () => rig.taken.length === said.length);
      expect(rig.taken.map(({ payload }) => speedOf(payload))).toEqual(said);
    }),
    { numRuns: 25 },
  );
});

test('a device that says much and never pings is seen to live, and one that falls silent is not', async () => {
  // So slow that there is always something on its way.
  const accept = async () => {
    await new Promise((resolve) => setTimeout(resolve, 100));
    return 'accepted' as const;
  };
  await using rig = await startBroker({ accept });
  await using device = await loginBare(rig.port, 'xun7', { keepalive: 1 });
  const gone = closed(device.socket);
  for (let n = 1; n <= 40; n += 1) {
    device.socket.write(generate(publish(n)));
    await new Promise((resolve) => setTimeout(resolve, 75));
  }
  await until('all acknowledged', () => device.heard.length === 40);
  expect(device.socket.destroyed).toBe(false);
  await gone;
});

test('a device that asks to hear itself does, from then on', async () => {
  await using rig = await startBroker();
  await using device = await loginBare(rig.port, 'xun7');
  device.socket.write(generate(publish(1)));
  await until('the first', () => device.heard.length === 1);
  device.socket.write(generate({ cmd: 'subscribe', messageId: 2, subscriptions: [{ topic, qos: 0 }] }));
  await until('the subscription', () => device.heard.length === 2);
  device.socket.write(generate(publish(3)));
  await until('itself', () => device.heard.some(({ cmd }) => cmd === 'publish'));
  expect(device.heard.map(({ cmd }) => cmd).sort()).toEqual(['puback', 'puback', 'publish', 'suback']);
});

test('what cannot be saved is not acknowledged: the connection ends, and it is said why', async () => {
  await using rig = await startBroker({ accept: () => Promise.reject(new Error('disk full')) });
  await using device = await loginBare(rig.port, 'xun7');
  device.socket.write(generate(publish(1)));
  await closed(device.socket);
  expect(device.heard).toEqual([]);
  await until('said', () => rig.lines.some(({ message }) => message === 'device connections failed'));
});
