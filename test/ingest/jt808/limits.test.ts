import { expect, test } from 'vitest';
import { contentOf, framed, reportBody } from '../../../demo/simulators/jt808/jt808-message.ts';
import { Jt808Terminal, type Jt808TerminalOptions } from '../../../demo/simulators/jt808-terminal.ts';
import type { DeviceMessage } from '../../../src/ingest/device-message.ts';
import { IntakeCounters } from '../../../src/ingest/intake-counters.ts';
import { type Jt808Limits, Jt808Server } from '../../../src/ingest/jt808/jt808-server.ts';
import { silentLog } from '../../../src/shared/log.ts';
import { until } from '../rig.ts';
import { jt808, jt808Devices, phones, wholeSecond, xun3 } from './terminal.ts';

const here = { lat: 27.305204, lon: 105.293665 };

interface House {
  readonly limits?: Partial<Jt808Limits>;
  readonly append?: (message: DeviceMessage) => Promise<void>;
}

async function start({ limits = {}, append = async () => {} }: House = {}) {
  const counters = new IntakeCounters();
  const server = new Jt808Server({ ...jt808, devices: jt808Devices, append, counters, limits, log: silentLog });
  await server.start();
  const { port } = server.address;
  const dial = (options: Partial<Jt808TerminalOptions> = {}) =>
    Jt808Terminal.connect({ port, phone: phones.xun7, ...options });
  const logIn = async (options: Partial<Jt808TerminalOptions> = {}) => {
    const terminal = await dial(options);
    await terminal.logIn();
    return terminal;
  };
  return { server, counters, port, dial, logIn, [Symbol.asyncDispose]: () => server.close() };
}

test('who does not say who it is in time is cut off, also one that drips', async () => {
  await using house = await start({ limits: { authenticateMs: 300 } });
  await using silent = await house.dial();
  await using dripping = await house.dial();
  const drip = setInterval(() => dripping.raw(Buffer.from([0x30])), 20);
  await Promise.all([silent.ended, dripping.ended]);
  clearInterval(drip);
  expect(house.counters.refused).toEqual({ 'connect-timeout': 2 });
});

test('a terminal that says nothing any more is cut off, and bytes that are no frame are nothing', async () => {
  await using house = await start({ limits: { idleMs: 400 } });
  await using terminal = await house.logIn();
  const drip = setInterval(() => terminal.raw(Buffer.from([0x30])), 20);
  await terminal.ended;
  clearInterval(drip);
  expect(house.server.connected).toBe(0);
  expect(house.counters.refused).toEqual({});
});

test.each([
  ['a frame that never ends', Buffer.concat([Buffer.from([0x7e]), Buffer.alloc(3_000)]), 'frame-too-large'],
  ['4 KiB without a frame', Buffer.alloc(5_000, 0x7e), 'no-frame'],
])('%s ends the connection of a stranger and of a terminal', async (_, bytes, reason) => {
  await using house = await start();
  await using stranger = await house.dial();
  stranger.raw(bytes);
  await stranger.ended;
  await using terminal = await house.logIn();
  terminal.raw(bytes);
  await terminal.ended;
  expect(house.counters.refused).toEqual({ [reason]: 2 });
});

test('what the disk does not take is not answered, and is taken when it comes again', async () => {
  let full = true;
  const append = async () => {
    if (full) throw new Error('the disk is full');
  };
  await using house = await start({ append });
  await using terminal = await house.logIn();
  const body = reportBody({ at: wholeSecond(), ...here, emergency: true });
  const unanswered = terminal.send(0x0200, body);
  const answers: string[] = [];
  void terminal.answer(unanswered).then(
    () => answers.push('the first'),
    () => {},
  );
  await terminal.answer(terminal.send(0x0900, Buffer.alloc(1)));
  full = false;
  await terminal.answer(terminal.send(0x0200, body));
  expect(answers).toEqual([]);
  expect(house.counters.accepted).toEqual({ sos: 1, position: 1 });
});

test('a slow disk holds up the terminal, not the memory: 64 messages wait and the rest stays in its socket', async () => {
  let taken = 0;
  const open = Promise.withResolvers<void>();
  const append = async () => {
    taken += 1;
    await open.promise;
  };
  await using house = await start({ append });
  await using terminal = await house.logIn();
  const body = reportBody({ at: wholeSecond(), ...here });
  const serials = Array.from({ length: 8_000 }, () => terminal.send(0x0200, body));
  const last = terminal.answer(serials.at(-1) ?? 0);
  await until('the first', () => taken >= 64);
  // Time enough for the server to read what it wants to, and others are served meanwhile.
  await using other = await house.logIn(xun3);
  for (let turn = 0; turn < 50; turn += 1) await other.register();
  // One read of a socket is up to 64 KiB, some 1,400 messages.
  expect(taken).toBeLessThan(4_000);
  open.resolve();
  await last;
  expect(taken).toBe(8_000);
});

test('a terminal that never reads its answers is cut off', async () => {
  await using house = await start();
  await using terminal = await house.logIn();
  terminal.stopReading();
  const head = { edition: 2013, phone: phones.xun7 } as const;
  const message = framed(contentOf({ id: 0x0900, serial: 1, body: Buffer.alloc(0) }, head));
  const many = Buffer.concat(Array.from({ length: 10_000 }, () => message));
  for (let sent = 0; sent < 60 && house.server.connected > 0; sent += 1) await terminal.flush(many);
  await until('the end', () => house.server.connected === 0, 20_000);
  expect(house.counters.refused).toMatchObject({ 'unread-answers': 1 });
});

test('an address that holds too many strangers gets no more, and those it has go on', async () => {
  await using house = await start({ limits: { strangersPerAddress: 2 } });
  await using one = await house.dial();
  await using _two = await house.dial();
  await using three = await house.dial();
  await three.ended;
  expect(house.counters.refused).toEqual({ 'too-many-sockets': 1 });
  await one.logIn();
  await using _four = await house.logIn(xun3);
  expect(house.server.connected).toBe(2);
});
