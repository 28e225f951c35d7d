import { expect, test } from 'vitest';
import { contentOf, framed, reportBody } from '../../../demo/simulators/jt808/jt808-message.ts';
import { toWgs84 } from '../../../src/gis/datum.ts';
import type { IngestOptions } from '../../../src/ingest/ingest.ts';
import { scratch, startIngest, until } from '../rig.ts';
import { dial, jt808, jt808Devices, logIn, phones, wholeSecond, xun3 } from './terminal.ts';

async function start(options: Partial<IngestOptions> = {}) {
  const directory = await scratch();
  const rig = await startIngest(directory.path, { devices: jt808Devices, jt808, ...options });
  const dispose = async () => {
    await rig.ingest.close();
    await directory[Symbol.asyncDispose]();
  };
  return { ...rig, path: directory.path, [Symbol.asyncDispose]: dispose };
}

const here = { lat: 27.305204, lon: 105.293665 };

test('without a port in the configuration none is open', async () => {
  await using directory = await scratch();
  await using rig = await startIngest(directory.path, { devices: jt808Devices });
  expect(rig.ingest.terminalAddress).toBeUndefined();
  await expect(rig.ingest.sendText('xun7', '集合')).rejects.toMatchObject({ code: 'TERMINAL_OFFLINE' });
});

test.each([
  ['2013', 'xun7', {}],
  ['2019', 'xun3', xun3],
])('a terminal of %s registers, authenticates, and is where it says', async (_, device, options) => {
  await using rig = await start();
  await using terminal = await dial(rig.ingest, options);
  const { result, code } = await terminal.register();
  expect({ result, code }).toEqual({ result: 0, code: expect.stringMatching(/^[0-9a-f]{24}$/) });
  expect(await terminal.authenticate(code)).toBe(0);
  const at = wholeSecond();
  const report = { at, ...here, speed: 72, heading: 93, mileage: 1_234.5, signal: 23 };
  expect(await terminal.report(report)).toBe(0);

  const { lat, lon } = device === 'xun3' ? toWgs84({ ...here, datum: 'gcj02' }) : here;
  const point = { lat: expect.closeTo(lat, 6), lon: expect.closeTo(lon, 6) };
  await until('the message', () => rig.messages.length === 1);
  expect(rig.messages[0]).toMatchObject({ type: 'position', device, at, point, heading: 93, mileage: 1_234_500 });
  const known = { online: true, position: point, signal: 23, values: { mileage: 1_234_500 } };
  expect(rig.ingest.registry.get(device)).toMatchObject(known);
  const query = { device, from: at.getTime(), to: at.getTime() + 1, limit: 10 };
  expect(await rig.ingest.query({ ...query, measurement: 'speed' })).toMatchObject([{ value: expect.closeTo(20, 6) }]);
  expect(await rig.ingest.query({ ...query, measurement: 'lat' })).toMatchObject([{ value: expect.closeTo(lat, 6) }]);
  expect(await rig.ingest.counts()).toMatchObject({ accepted: { position: 1 }, refused: {}, connected: 1 });
});

test('the code outlives the server: a terminal that kept it need not register again', async () => {
  await using one = await start();
  await using first = await dial(one.ingest);
  const { code } = await first.register();
  await using other = await start();
  await using second = await dial(other.ingest);
  expect(await second.authenticate(code)).toBe(0);
});

test('a terminal that is taken off the list is cut off, one that stays is not', async () => {
  await using rig = await start();
  await using stays = await logIn(rig.ingest);
  await using goes = await logIn(rig.ingest, xun3);
  await rig.ingest.configure({ devices: jt808Devices.filter(({ id }) => id !== 'xun3') });
  await goes.ended;
  expect(await stays.report({ at: wholeSecond(), ...here })).toBe(0);
  await using again = await dial(rig.ingest, xun3);
  expect(await again.register()).toMatchObject({ result: 4 });
});

test('an unknown number, a wrong code and words before either are refused and counted', async () => {
  await using rig = await start();
  await using stranger = await dial(rig.ingest, { phone: '013900139000' });
  expect(await stranger.register()).toEqual({ result: 4, code: '' });
  expect(await stranger.authenticate('0')).toBe(1);
  await using known = await dial(rig.ingest);
  expect(await known.authenticate('000000000000000000000000')).toBe(1);
  known.send(0x0200, reportBody({ at: wholeSecond(), ...here, emergency: true }));
  await until('all', async () => (await rig.ingest.counts()).refused['not-authenticated'] === 1);
  const refused = { 'unknown-device': 2, 'bad-credentials': 1, 'not-authenticated': 1 };
  expect(await rig.ingest.counts()).toMatchObject({ refused, accepted: {}, connected: 0 });
  await known.logIn();
});

test('a stranger that talks on without saying who it is, is cut off', async () => {
  await using rig = await start();
  await using terminal = await dial(rig.ingest);
  for (let n = 0; n < 16; n += 1) terminal.send(0x0002, Buffer.alloc(0));
  await terminal.ended;
  expect((await rig.ingest.counts()).refused['not-authenticated']).toBe(17);
});

test('the number of another terminal ends the connection', async () => {
  await using rig = await start();
  await using terminal = await logIn(rig.ingest);
  terminal.send(0x0002, Buffer.alloc(0), { phone: phones.xun3 });
  await terminal.ended;
  expect(await rig.ingest.counts()).toMatchObject({ refused: { 'foreign-phone': 1 }, connected: 0 });
});

test('a second connection of a terminal takes the place of the first', async () => {
  await using rig = await start();
  await using first = await logIn(rig.ingest);
  await using second = await logIn(rig.ingest);
  await first.ended;
  expect(await second.report({ at: wholeSecond(), ...here })).toBe(0);
  expect((await rig.ingest.counts()).connected).toBe(1);
});

test('a heartbeat says that it is there, a farewell that it is not', async () => {
  await using rig = await start();
  await using terminal = await logIn(rig.ingest);
  expect(await terminal.beat()).toBe(0);
  await until('online', () => rig.ingest.registry.get('xun7')?.online === true);
  expect(await terminal.logOut()).toBe(0);
  await until('offline', () => rig.ingest.registry.get('xun7')?.online === false);
  await terminal.ended;
});

test('what is not spoken here is answered with 3 and counted, in one piece or in many', async () => {
  await using rig = await start();
  await using terminal = await logIn(rig.ingest);
  const results = await Promise.all([
    terminal.answer(terminal.send(0x0900, Buffer.from([1, 2, 3]))),
    terminal.answer(terminal.send(0x0801, Buffer.alloc(500), { part: { total: 900, number: 7 } })),
  ]);
  expect(results.map(({ id, body }) => [id, body.readUInt8(4)])).toEqual([
    [0x8001, 3],
    [0x8001, 3],
  ]);
  expect((await rig.ingest.counts()).refused).toEqual({ 'unsupported-message': 2 });
});

test('an encrypted message and one with a wrong check byte are counted, and the next is taken', async () => {
  await using rig = await start();
  await using terminal = await logIn(rig.ingest);
  const head = { edition: 2013, phone: phones.xun7 } as const;
  const content = contentOf({ id: 0x0200, serial: 9, body: Buffer.alloc(28) }, head);
  const encrypted = Buffer.from(content);
  encrypted.writeUInt8(encrypted.readUInt8(2) | 0x04, 2);
  terminal.raw(framed(encrypted));
  terminal.raw(Buffer.concat([Buffer.from([0x7e]), content, Buffer.from([0x55, 0x7e])]));
  expect(await terminal.beat()).toBe(0);
  expect((await rig.ingest.counts()).refused).toEqual({ encrypted: 1, 'wrong-check': 1 });
});

test('positions kept while out of reach are stored where they were, and move nobody back', async () => {
  await using rig = await start();
  await using terminal = await logIn(rig.ingest);
  expect(await terminal.report({ at: wholeSecond(), ...here })).toBe(0);
  const ago = [300, 200, 100].map((seconds) => ({ at: wholeSecond(seconds), lat: 27 + seconds / 1e5, lon: 105.2 }));
  expect(await terminal.batch(ago.slice(0, 2), 1)).toBe(0);
  expect(await terminal.batch(ago.slice(2), 0)).toBe(0);
  await until('all', () => rig.messages.length === 4);
  expect(rig.ingest.registry.get('xun7')).toMatchObject({ position: { lat: expect.closeTo(here.lat, 6) } });
  const range = { from: wholeSecond(301).getTime(), to: Date.now() + 1_000, limit: 10 };
  const track = await rig.ingest.query({ device: 'xun7', measurement: 'lat', ...range });
  expect(track.map((row) => 'value' in row && row.value)).toEqual(
    [27.003, 27.002, 27.001, here.lat].map((lat) => expect.closeTo(lat, 6)),
  );
});

test('a batch in pieces is one message, each piece answered once it is on disk', async () => {
  await using rig = await start();
  await using terminal = await logIn(rig.ingest);
  const reports = Array.from({ length: 60 }, (_, n) => ({ at: wholeSecond(n), ...here }));
  const items = reports.flatMap((report) => [Buffer.from([0, 28]), reportBody(report)]);
  const body = Buffer.concat([Buffer.from([0, 60, 1]), ...items]);
  const pieces = [body.subarray(0, 900), body.subarray(900)];
  const serials = pieces.map((piece, n) => terminal.send(0x0704, piece, { part: { total: 2, number: n + 1 } }));
  const answers = await Promise.all(serials.map((serial) => terminal.answer(serial)));
  expect(answers.map((answer) => answer.body.readUInt8(4))).toEqual([0, 0]);
  expect((await rig.ingest.counts()).accepted).toEqual({ position: 60 });
});

test('a position that is none moves nobody, is counted, and its terminal is there', async () => {
  await using rig = await start();
  await using terminal = await logIn(rig.ingest);
  const at = wholeSecond();
  expect(await terminal.report({ at, ...here, located: false, signal: 9 })).toBe(0);
  expect(await terminal.report({ at, lat: 0, lon: 0 })).toBe(0);
  expect(await terminal.report({ at, lat: 91, lon: 0 })).toBe(0);
  const short = await terminal.answer(terminal.send(0x0200, Buffer.alloc(12)));
  expect(short.body.readUInt8(4)).toBe(2);
  const refused = { 'no-fix': 1, 'null-island': 1, 'wrong-payload': 2 };
  expect(await rig.ingest.counts()).toMatchObject({ refused, accepted: { status: 3 } });
  await until('all', () => rig.messages.length === 3);
  const device = rig.ingest.registry.get('xun7');
  expect(device).toMatchObject({ online: true, signal: 9 });
  expect(device?.position).toBeUndefined();
  expect(rig.ingest.counters.samples['jt808/0200']).toHaveLength(4);
});

test('a clock that is wrong is flagged, and one in the future freezes nothing', async () => {
  await using rig = await start();
  await using terminal = await logIn(rig.ingest);
  const future = new Date('2099-01-01T00:00:00Z');
  expect(await terminal.report({ at: future, ...here })).toBe(0);
  expect(await terminal.report({ at: wholeSecond(-2), lat: 27.4, lon: 105.3 })).toBe(0);
  await until('both', () => rig.messages.length === 2);
  expect(rig.messages[0]?.skewedAt).toEqual(future);
  expect((await rig.ingest.counts()).skewed).toBe(1);
  expect(rig.ingest.registry.get('xun7')).toMatchObject({ position: { lat: expect.closeTo(27.4, 6) } });
});

test('closing ends every connection, and closing twice is closing once', async () => {
  const rig = await start();
  await using terminal = await logIn(rig.ingest);
  await using stranger = await dial(rig.ingest);
  await Promise.all([rig.ingest.close(), rig.ingest.close()]);
  await Promise.all([terminal.ended, stranger.ended]);
  await rig[Symbol.asyncDispose]();
});

test('a port that is taken is an error at once', async () => {
  await using rig = await start();
  const port = rig.ingest.terminalAddress?.port ?? 0;
  await expect(start({ jt808: { host: '127.0.0.1', port } })).rejects.toThrow(/EADDRINUSE/);
});
