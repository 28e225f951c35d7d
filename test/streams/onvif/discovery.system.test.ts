import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { startWsDiscovery } from '../../../demo/simulators/ws-discovery-device.ts';
import { discoverDevices } from '../../../src/streams/onvif/discovery.ts';

const identity = { name: '响水隧道', hardware: 'SIM', location: 'Guizhou' };
const device = (n: number) => ({
  urn: `urn:uuid:${n}`,
  xaddr: `http://127.0.0.1:${9_000 + n}/onvif/device_service`,
  identity,
});

/** Answers every probe on loopback with what `reply` makes of its message id. */
async function startImpostor(port: number, reply: (messageId: string) => (string | Buffer)[]) {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.on('message', (message, { port: to, address }) => {
    const id = /uuid:([0-9a-f-]{36})/.exec(message.toString())?.[1] ?? '';
    for (const answer of reply(id)) socket.send(answer, to, address);
  });
  socket.bind(port, '239.255.255.250');
  await once(socket, 'listening');
  socket.addMembership('239.255.255.250', '127.0.0.1');
  return {
    [Symbol.asyncDispose]: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

const match = (id: string, urn: string, xaddr: string) =>
  `<E><Header><RelatesTo>uuid:${id}</RelatesTo></Header><Body><ProbeMatches><ProbeMatch><EndpointReference><Address>${urn}</Address></EndpointReference><XAddrs>${xaddr}</XAddrs></ProbeMatch></ProbeMatches></Body></E>`.replaceAll(
    /(<\/?)E>/g,
    '$1Envelope>',
  );

test('six devices on UDP 3702 are found, each once, by name', async () => {
  const numbers = [1, 2, 3, 4, 5, 6];
  await using _first = await startWsDiscovery({ devices: numbers.slice(0, 3).map(device) });
  await using _second = await startWsDiscovery({ devices: numbers.slice(3).map(device) });
  const found = (await discoverDevices({ timeoutMs: 1_000 })).filter(({ name }) => name === '响水隧道');
  expect(found.map(({ urn }) => urn).toSorted()).toEqual(numbers.map((n) => `urn:uuid:${n}`));
  expect(found.find(({ urn }) => urn === 'urn:uuid:2')?.xaddr).toBe('http://127.0.0.1:9002/onvif/device_service');
});

test('impostors and noise neither get in nor keep the honest out', async () => {
  const port = 43_702;
  await using _honest = await startWsDiscovery({ devices: [device(1)], port });
  await using _impostor = await startImpostor(port, (id) => [
    match('00000000-0000-0000-0000-000000000000', 'urn:other-probe', 'http://127.0.0.1/'),
    match(id, 'urn:metadata', 'http://169.254.169.254/'),
    match(id, 'urn:uuid:1', 'http://127.0.0.1:6666/'),
    Buffer.from([0, 1, 2, 3]),
    `<!DOCTYPE x [<!ENTITY a "b">]>${match(id, 'urn:dtd', 'http://127.0.0.1/')}`,
    '<'.repeat(1_000) + id,
  ]);
  const found = await discoverDevices({ timeoutMs: 800, port });
  expect(found.map(({ urn }) => urn)).toEqual(['urn:uuid:1']);
});

test('a flood of well-made answers ends at 256 candidates', async () => {
  const port = 43_703;
  await using _flood = await startImpostor(port, (id) =>
    Array.from({ length: 700 }, (_, n) => match(id, `urn:${n}`, `http://127.0.0.1:${n + 1}/`)),
  );
  const found = await discoverDevices({ timeoutMs: 1_500, port });
  expect(found.length).toBeLessThanOrEqual(256);
  expect(found.length).toBeGreaterThan(100);
});

test('what is no probe gets no answer', async () => {
  const port = 43_704;
  await using responder = await startWsDiscovery({ devices: [device(1)], port });
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  let heard = 0;
  socket.on('message', () => {
    heard += 1;
  });
  for (const message of ['', 'x', '<Envelope/>', '<Envelope><Body><Probe/></Body></Envelope>']) {
    socket.send(message, port, '239.255.255.250');
  }
  await discoverDevices({ timeoutMs: 200, port });
  expect(responder.answered).toBeGreaterThan(0);
  expect(heard).toBe(0);
  socket.close();
});

test('a scan ends at once with the reason of its signal', async () => {
  const reason = new Error('page closed');
  const stop = new AbortController();
  const scan = discoverDevices({ timeoutMs: 30_000, signal: stop.signal });
  setTimeout(() => stop.abort(reason), 50);
  await expect(scan).rejects.toBe(reason);
});
