import { expect, test } from 'vitest';
import { batchBody, reportBody } from '../../../demo/simulators/jt808/jt808-message.ts';
import type { DeviceMessage } from '../../../src/ingest/device-message.ts';
import { scratch, startIngest, until } from '../rig.ts';
import { jt808, jt808Devices, logIn, wholeSecond } from './terminal.ts';

const here = { lat: 27.305204, lon: 105.293665 };
const start = (path: string) => startIngest(path, { devices: jt808Devices, jt808 });
const calls = (messages: readonly DeviceMessage[]) => messages.filter((message) => message.type === 'sos');
const keys = (messages: readonly DeviceMessage[]) => new Set(calls(messages).map(({ key }) => key));

test('a press is one call however often it is reported, until the button was off', async () => {
  await using directory = await scratch();
  await using rig = await start(directory.path);
  await using terminal = await logIn(rig.ingest);
  for (const [ago, emergency] of [
    [50, true],
    [40, true],
    [30, false],
    [20, true],
    [10, true],
  ] as const)
    expect(await terminal.report({ at: wholeSecond(ago), ...here, emergency })).toBe(0);
  await until('all', () => rig.messages.length === 9);
  expect(calls(rig.messages)).toHaveLength(4);
  expect(keys(rig.messages).size).toBe(2);
  expect(calls(rig.messages)[0]).toMatchObject({ device: 'xun7', point: { lat: expect.closeTo(here.lat, 6) } });
  expect((await rig.ingest.counts()).accepted).toEqual({ sos: 4, position: 5 });
});

test.each([
  ['without a fix', { ...here, located: false }],
  ['at 0/0', { lat: 0, lon: 0 }],
  ['at latitude 91', { lat: 91, lon: 0 }],
])('a call for help %s is a call for help without a place', async (_, place) => {
  await using directory = await scratch();
  await using rig = await start(directory.path);
  await using terminal = await logIn(rig.ingest);
  expect(await terminal.report({ at: wholeSecond(), ...place, emergency: true })).toBe(0);
  await until('the call', () => calls(rig.messages).length === 1);
  expect(calls(rig.messages)[0]?.point).toBeUndefined();
});

test('a call for help with a time no calendar has, or cut short after its alarm bits, is one too', async () => {
  await using directory = await scratch();
  await using rig = await start(directory.path);
  await using terminal = await logIn(rig.ingest);
  const body = reportBody({ at: wholeSecond(), ...here, emergency: true });
  const { body: answer } = await terminal.answer(terminal.send(0x0200, Buffer.from(body).fill(0xff, 22)));
  expect(answer.readUInt8(4)).toBe(0);
  await terminal.answer(terminal.send(0x0200, body.subarray(0, 4)));
  await until('both', () => calls(rig.messages).length === 2);
  expect(calls(rig.messages).map(({ point }) => point !== undefined)).toEqual([true, false]);
  expect(keys(rig.messages).size).toBe(1);
  expect((await rig.ingest.counts()).refused).toEqual({ 'wrong-time': 1, 'wrong-payload': 1 });
});

test('a press handed in late, in a batch that is cut short, is a call of its own', async () => {
  await using directory = await scratch();
  await using rig = await start(directory.path);
  await using terminal = await logIn(rig.ingest);
  expect(await terminal.report({ at: wholeSecond(), ...here })).toBe(0);
  const kept = [90, 80, 70].map((ago) => ({ at: wholeSecond(ago), ...here, emergency: ago !== 70 }));
  const cut = batchBody(kept, 1).subarray(0, -5);
  for (let sent = 0; sent < 2; sent += 1) {
    const { body } = await terminal.answer(terminal.send(0x0704, cut));
    expect(body.readUInt8(4)).toBe(2);
  }
  await until('all', () => calls(rig.messages).length === 4);
  expect(keys(rig.messages).size).toBe(1);
});

/** The button, a report a second, before and after a restart of the server; answers when the presses after it began. */
async function pressesAfterRestart(before: readonly boolean[], after: readonly boolean[]) {
  await using directory = await scratch();
  const t0 = wholeSecond(60).getTime();
  const tell = async (reports: readonly boolean[], from: number) => {
    await using rig = await start(directory.path);
    expect(rig.ingest.registry.get('xun7')?.values).toBeUndefined();
    await using terminal = await logIn(rig.ingest);
    for (const [index, emergency] of reports.entries())
      expect(await terminal.report({ at: new Date(t0 + 1_000 * (from + index)), ...here, emergency })).toBe(0);
    await until('all', () => rig.messages.length === reports.length + reports.filter(Boolean).length);
    return keys(rig.messages);
  };
  await tell(before, 0);
  const pressed = await tell(after, before.length);
  return [...pressed].map((key) => (Number(key.split(':').at(-1)) - t0) / 1_000);
}

test.each<[string, boolean[], boolean[], number[]]>([
  ['a press goes on over it', [false, true, true], [true, true], [1]],
  ['the first after it is a press of its own, the one before being over', [true, false], [true], [2]],
  ['the button was let go of meanwhile', [true, true], [false, true], [3]],
  ['nobody had pressed', [false], [true], [1]],
])('the server is restarted: %s', async (_, ...[before, after, presses]) => {
  expect(await pressesAfterRestart(before, after)).toEqual(presses);
});
