import type { Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSocket, startBroker } from './broker-rig.ts';
import { deviceCases, type MqttCase, strangerCases } from './mqtt-cases.ts';
import { frame, hello } from './mqtt-frames.ts';
import { connectDevice, now, type TestDevice, until } from './rig.ts';

let rig: Awaited<ReturnType<typeof startBroker>>;
let healthy: TestDevice;
beforeAll(async () => {
  rig = await startBroker({ limits: { connectMs: 1_000 } });
  healthy = await connectDevice(rig.url, 'xun1');
});
afterAll(async () => {
  await healthy[Symbol.asyncDispose]();
  await rig[Symbol.asyncDispose]();
});

/** Everything the broker says on a socket, in hex. */
function listen(socket: Socket) {
  const heard = { hex: '', closed: false };
  socket.on('data', (chunk: Buffer) => {
    heard.hex += chunk.toString('hex');
  });
  socket.once('close', () => {
    heard.closed = true;
  });
  return heard;
}

async function outcome(socket: Socket, { sent, expected }: MqttCase): Promise<string> {
  const heard = listen(socket);
  socket.write(sent);
  if (expected.endsWith('closed')) {
    await until('closed', () => heard.closed, 2_500).catch(() => {});
    return `${heard.hex}${heard.closed ? ' closed' : ' open'}`.trim();
  }
  const isAnswered = () => heard.closed || (expected !== '' && heard.hex.length >= expected.length);
  await until('answered', isAnswered, 1_000).catch(() => {});
  const before = heard.hex.length;
  if (!heard.closed) socket.write(frame(0xc0));
  // It answers still, and has answered nothing else meanwhile.
  await until('alive', () => heard.closed || heard.hex.length >= before + 4, 1_000);
  return `${heard.hex.replace(/d000$/, '')}${heard.closed ? ' closed' : ''}`.trim();
}

const refusals = () => Object.values(rig.counters.refused).reduce((sum, count) => sum + count, 0);

/** What a case comes to, and whether the broker counted it and goes on serving somebody else. */
async function check(socket: Socket, one: MqttCase): Promise<void> {
  const before = refusals();
  expect(await outcome(socket, one)).toBe(one.expected);
  if (one.expected.endsWith('closed')) expect(refusals() - before).toBe(one.inOrder ? 0 : 1);
  await healthy.publish('tianliang/terminals/xun1/position', { at: now(), lat: 27.3, lon: 105.3 });
}

test.each(strangerCases)('of a stranger: $what (MQTT-$clause, T25)', async (one) => {
  await using socket = await openSocket(rig.port);
  await check(socket, one);
});

test.each(deviceCases)('of a device: $what (MQTT-$clause, T25)', async (one) => {
  await using socket = await openSocket(rig.port);
  const heard = listen(socket);
  socket.write(hello('xun7'));
  await until('let in', () => heard.hex === '20020000');
  socket.removeAllListeners('data');
  await check(socket, one);
});

test('a device that says nothing for one and a half times its keep alive is cut off (MQTT-3.1.2-24, T25)', async () => {
  await using socket = await openSocket(rig.port);
  const heard = listen(socket);
  const sentAt = performance.now();
  socket.write(hello('xun7', { keepAlive: 1 }));
  await until('cut off', () => heard.closed, 3_000);
  expect(performance.now() - sentAt).toBeGreaterThan(1_400);
});
